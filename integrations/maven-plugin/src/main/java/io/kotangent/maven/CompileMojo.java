package io.kotangent.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.inject.Inject;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Dependency;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/**
 * Compiles networks ahead of time: makes the classes of each {@code io.kotangent.aot.NetworkDefinition}, unless they are up to date.
 *
 * <p>The definitions are those of the module. If the plugin has dependencies (in its {@code <dependencies>}), the
 * definitions are those in these artifacts instead, and neither they nor what they need reach the module's class path: only the
 * classes that are written do. So a module for Java 17 has networks of a module for Java 25.
 *
 * <p>The compiler runs in a JVM of its own, on a JDK 25, which Maven's toolchains say, or {@code jdk}, or which is found where JDKs are.
 */
@Mojo(name = "compile", defaultPhase = LifecyclePhase.PROCESS_CLASSES, requiresDependencyResolution = ResolutionScope.COMPILE_PLUS_RUNTIME, threadSafe = true) @SuppressWarnings("NullAway.Init") // Maven sets the fields
public final class CompileMojo extends AbstractMojo {
  /** Does nothing. */
  @Parameter(property = "kotangent.skip", defaultValue = "false") private boolean skip;

  /**
   * The names of the classes that define networks, where {@code *} stands for anything; without any, all that
   * implement {@code io.kotangent.aot.NetworkDefinition}. A name that no definition has is an error.
   */
  @Parameter private List<String> definitions = List.of();

  /** Where classes and weights go. */
  @Parameter(property = "kotangent.outputDirectory", defaultValue = "${project.build.outputDirectory}", required = true) private File outputDirectory;

  /**
   * Where the source of each network's own class goes, with its documentation, for people and for source jars; it is not compiled.
   * Without it, no source is written.
   */
  @Parameter(property = "kotangent.sourceDirectory") private @Nullable File sourceDirectory;

  /** Arguments of the JVM in which definitions run, such as {@code -Xmx4g}. */
  @Parameter private List<String> jvmArguments = List.of();

  /** The folder of a JDK 25, if it is not to be looked for. */
  @Parameter(property = "kotangent.jdk") private @Nullable File jdk;

  @Parameter(defaultValue = "${project.build.outputDirectory}", readonly = true, required = true) private File classesDirectory;

  @Parameter(defaultValue = "${project.build.directory}", readonly = true, required = true) private File buildDirectory;

  @Parameter(defaultValue = "${project}", readonly = true, required = true) private MavenProject project;

  @Parameter(defaultValue = "${session}", readonly = true, required = true) private MavenSession session;

  @Parameter(defaultValue = "${plugin}", readonly = true, required = true) private PluginDescriptor plugin;

  @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true) private MojoExecution execution;

  private final ToolchainManager toolchains;

  /** Made by Maven. */
  @Inject
  public CompileMojo(ToolchainManager toolchains) {
    this.toolchains = toolchains;
  }

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (skip || project.getPackaging().equals("pom")) {
      getLog().debug(skip ? "kotangent.skip" : "no classes in a module of packaging pom");
      return;
    }
    List<Path> places = new ArrayList<>();
    List<Path> classPath = new ArrayList<>();
    if (plugin.getPlugin().getDependencies().isEmpty()) {
      ofModule(places, classPath);
    } else {
      ofDependencies(places, classPath);
    }
    if (places.isEmpty()) {
      getLog().info("no classes in " + classesDirectory);
      return;
    }
    Jdk25 found = new Jdk25Search(toolchains, session).find(Optional.ofNullable(jdk));
    Optional<Path> source = Optional.ofNullable(sourceDirectory).map(File::toPath);
    Path folder = buildDirectory.toPath().resolve("kotangent");
    String id = execution.getExecutionId();
    Compilation compilation = new Compilation(found, jvmArguments, classPath, places, definitions,
        outputDirectory.toPath(), source, folder.resolve(id + ".txt"),
        folder.resolve(id + ".args"));
    try {
      compilation.run(getLog());
    } catch (IOException e) {
      throw new MojoExecutionException("networks cannot be compiled: " + e, e);
    }
  }

  private void ofModule(List<Path> places, List<Path> classPath) {
    Path classes = classesDirectory.toPath();
    if (Files.isDirectory(classes)) {
      places.add(classes);
      classPath.add(classes);
    }
    project.getArtifacts().stream().filter(artifact -> artifact.getArtifactHandler()
        .isAddedToClasspath()).forEach(artifact -> classPath.add(artifact.getFile().toPath()));
  }

  private void ofDependencies(List<Path> places, List<Path> classPath)
      throws MojoExecutionException {
    Set<String> declared = new LinkedHashSet<>();
    for (Dependency dependency : plugin.getPlugin().getDependencies()) {
      declared.add(dependency.getManagementKey());
    }
    for (Artifact artifact : plugin.getArtifacts()) {
      Path file = artifact.getFile().toPath();
      if (declared.remove(key(artifact))) {
        places.add(file);
        classPath.add(file);
      } else if (!artifact.getArtifactId().equals(plugin.getArtifactId())) {
        classPath.add(file);
      }
    }
    if (!declared.isEmpty()) {
      throw new MojoExecutionException(
          "the dependencies " + declared + " of " + plugin.getArtifactId()
              + " in " + project.getFile()
              + " are none with definitions: expected jars of scope compile");
    }
  }

  private static String key(Artifact artifact) {
    return artifact.getDependencyConflictId();
  }
}
