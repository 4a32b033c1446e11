# What the run scripts share. A script sets `command` (its name), `module` (what it builds), maybe `maven_options`, `also` (an array: what else of the
# repository it is built of), and has a function `pack` for what follows the build. Sets: root, out (what the build writes), jdk (a JDK 25), options (the leading JVM options of the command line).

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out="$root/$module/target/quick"
options=()

is_jdk25() {
  [[ -x "$1/bin/javac" && -x "$1/bin/java" ]] && grep -qsE '^JAVA_VERSION="25(\.|")' "$1/release"
}

find_jdk25() {
  local on_path candidate
  on_path=$(command -v java || true)
  if [[ -n "$on_path" ]]; then
    on_path=$("$on_path" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$(/usr/libexec/java_home -v 25 2>/dev/null || true)"; do
    if [[ -n "$candidate" ]] && is_jdk25 "$candidate"; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

# The sources that the build reads; a deleted file changes the list, a changed one is newer.
sources() {
  local place places=()
  for place in pom.xml ./compiler/src/build ./{runtime,compiler,dsl,"${module%/*}","$module"}/{pom.xml,src/main} \
    ${also[@]+"${also[@]/%//pom.xml}" "${also[@]/%//src/main}"} .mvn; do
    if [[ -e "$root/$place" ]]; then
      places+=("$place")
    fi
  done
  (cd "$root" && find "${places[@]}" -type f "$@" | LC_ALL=C sort -u)
}

up_to_date() {
  [[ -f "$out/sources.txt" && -f "$out/classpath.txt" ]] || return 1
  [[ "$(sources)" == "$(cat "$out/sources.txt")" ]] || return 1
  local path paths
  IFS=: read -ra paths <"$out/classpath.txt" || true
  for path in "${paths[@]}"; do
    [[ -e "$path" ]] || return 1
  done
  [[ -z "$(sources -newer "$out/sources.txt")" ]]
}

build() {
  if ! command -v mvn >/dev/null; then
    echo "$command: no Maven on the path. Install Apache Maven 3.8 or newer (Debian, Ubuntu: apt install maven; macOS: brew install maven)." >&2
    exit 1
  fi
  echo "Building (once for these sources) ..." >&2
  local before
  before=$(sources)
  mkdir -p "$out"
  rm -f "$out/sources.txt"
  touch "$out/started"
  MAVEN_OPTS="-XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-}" \
    mvn -B -ntp -q -Dstyle.color=never -f "$root/pom.xml" -Dquick ${maven_options:-} -pl "$module" -am process-classes >&2
  pack
  echo "$before" >"$out/sources.txt"
  touch -r "$out/started" "$out/sources.txt"
}

# Makes jars of the classes, which a cache of loaded classes needs; jars.txt is the class path.
pack_jars() {
  local path paths jar jars=() number=0
  rm -rf "$out/jars"
  mkdir -p "$out/jars"
  IFS=: read -ra paths <<<"$out/classes:$(cat "$out/classpath.txt")"
  for path in "${paths[@]}"; do
    if [[ -d "$path" ]]; then
      jar="$out/jars/$number.jar"
      number=$((number + 1))
      "$jdk/bin/jar" --create --no-compress --file "$jar" -C "$path" .
      jars+=("$jar")
    else
      jars+=("$path")
    fi
  done
  (IFS=:; echo "${jars[*]}") >"$out/jars.txt"
}

# Takes the JVM options off the command line: options, then the others, are left in `options` and `arguments`.
take_options() {
  while [[ "${1:-}" == -X* || "${1:-}" == -D* || "${1:-}" == --add-* ]]; do
    options+=("$1")
    shift
  done
  arguments=("$@")
}

if ! jdk=$(find_jdk25); then
  echo "$command: found no JDK 25 (looked at JAVA_HOME, java on the path, /usr/lib/jvm, ~/.sdkman, ~/.jdks).
Install one, for instance Eclipse Temurin 25 from https://adoptium.net (or: sdk install java 25-tem), or set JAVA_HOME to it." >&2
  exit 1
fi
