package io.kotangent.bytecode;

import io.kotangent.plan.Plan;
import io.kotangent.runtime.Program;

/// A compiled program with what led to it.
public record Compilation(Program program, Plan plan, GeneratedCode code, CompileReport report) {
}
