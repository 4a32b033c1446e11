package io.kotangent.bytecode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.ArrayReference;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.Location;
import com.sun.jdi.PrimitiveValue;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.LocatableEvent;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.StepRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// A debugger stops in the listing of a kernel, sees its arrays and numbers, and steps from line to line.
class SteppingTest {
  private static final int PATIENCE_MS = 60_000;
  private static final int STEPS = 12;

  private final List<String> lines = new ArrayList<>();
  private final TreeSet<String> seen = new TreeSet<>();
  private boolean stopped;

  @Test
  void aDebuggerStepsThroughTheListing() throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("main").setValue(SteppingProbe.class.getName());
    arguments.get("options").setValue("-Xmx256m -cp " + OtherJvm.classPath());
    VirtualMachine machine = connector.launch(arguments);
    try {
      machine.eventRequestManager().createClassPrepareRequest().enable();
      boolean alive = true;
      while (alive) {
        EventSet events = machine.eventQueue().remove(PATIENCE_MS);
        assertTrue(events != null, "the program hangs; lines so far: " + lines);
        for (Event event : events) {
          alive &= !(event instanceof VMDisconnectEvent);
          handle(machine, event);
        }
        if (alive) {
          events.resume();
        }
      }
    } finally {
      machine.process().destroyForcibly();
    }
    assertTrue(stopped, "no breakpoint was hit");
    assertTrue(lines.size() > 4, () -> "stepped through " + lines);
    assertTrue(lines.stream().allMatch(line -> line.matches("kernel-[0-9a-f]+\\.ir:[0-9]+")),
        lines::toString);
    assertTrue(new TreeSet<>(lines).size() > 2, () -> "always the same line: " + lines);
    assertTrue(seen.contains("float[]") && seen.contains("3 elements, the first 1.0"),
        seen::toString);
  }

  private void handle(VirtualMachine machine, Event event) throws Exception {
    if (event instanceof ClassPrepareEvent prepared) {
      breakpoint(machine, prepared.referenceType());
    } else if (event instanceof BreakpointEvent hit && !stopped) {
      stopped = true;
      record(hit);
      see(hit.thread().frame(0));
      StepRequest step = machine.eventRequestManager().createStepRequest(hit.thread(),
          StepRequest.STEP_LINE, StepRequest.STEP_OVER);
      step.setSuspendPolicy(EventRequest.SUSPEND_ALL);
      step.enable();
    } else if (event instanceof StepEvent step) {
      boolean inside = isListing(step.location().declaringType());
      if (inside && lines.size() < STEPS) {
        record(step);
      } else {
        machine.eventRequestManager().deleteEventRequest(step.request());
      }
    }
  }

  private static boolean isListing(ReferenceType type) {
    try {
      return type.sourceName().startsWith("kernel-") && type.sourceName().endsWith(".ir");
    } catch (AbsentInformationException e) {
      return false;
    }
  }

  /// In the first line of the first kernel.
  private static void breakpoint(VirtualMachine machine, ReferenceType type) throws Exception {
    if (isListing(type)) {
      Optional<Location> first = type.allLineLocations().stream()
          .filter(location -> location.codeIndex() == 0).findFirst();
      first.ifPresent(
          location -> machine.eventRequestManager().createBreakpointRequest(location).enable());
    }
  }

  private void record(LocatableEvent event) throws AbsentInformationException {
    Location at = event.location();
    assertFalse(at.lineNumber() < 1, at.toString());
    lines.add(at.sourceName() + ":" + at.lineNumber());
  }

  /// What a debugger shows of the frame.
  private void see(StackFrame frame) throws Exception {
    for (Value value : frame.getArgumentValues()) {
      if (value instanceof ArrayReference array) {
        seen.add(array.type().name());
        if (array.length() == 3) {
          seen.add("3 elements, the first " + array.getValue(0));
        }
      } else if (value instanceof PrimitiveValue number) {
        seen.add(number.toString());
      }
    }
    assertEquals(frame.location(), frame.thread().frame(0).location());
  }
}
