(() => {
  "use strict";
  const name = /*NAME*/;
  const methods = /*METHODS*/;

  /*LOADER*/

  const arrays = {F32: Float32Array, F64: Float64Array, I32: Int32Array, I64: BigInt64Array, BOOL: Uint8Array};
  const decode = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const signed = bytes => {
    if (!(bytes instanceof Uint8Array)) {
      throw new TypeError(`${name}: the weights should be a Uint8Array, got ${bytes?.constructor?.name ?? bytes}`);
    }
    return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  // What is wrong, if anything is.
  const check = wrong => {
    if (wrong !== null) {
      throw new Error(`${name}: ${wrong}`);
    }
  };
  const shipped = () => decode(/*WEIGHTS*/);
  let compiling = null;

  const compile = () => compiling ??= WebAssembly.compile(decode(/*WASM*/), {builtins: ["js-string"]}).catch(e => {
    throw new Error(`${name}: this browser cannot run WebAssembly with garbage collection, as current ones do (${e.message})`);
  });

  async function start() {
    const imports = {};
    const exported = {};
    const context = TeaVM.wasmGC.defaults(imports, exported);
    const instance = await WebAssembly.instantiate(await compile(), imports);
    context.supplyExports(instance.exports);
    for (const [key, value] of Object.entries(instance.exports)) {
      if (value instanceof WebAssembly.Global) {
        Object.defineProperty(exported, key, {get: () => value.value});
      }
    }
    return exported;
  }

  // An argument as the array that crosses over.
  function given(method, index, {kind, isNumber}, value) {
    const wanted = isNumber
        ? {F32: "a number", F64: "a number", I32: "a whole number of 32 bits", I64: "a BigInt of 64 bits", BOOL: "true or false"}[kind]
        : (kind === "I64" ? "a " : kind === "I32" ? "an " : "a ") + arrays[kind].name;
    const fits = !isNumber ? value instanceof arrays[kind]
        : kind === "BOOL" ? typeof value === "boolean"
        : kind === "I64" ? typeof value === "bigint" && BigInt.asIntN(64, value) === value
        : typeof value === "number" && (kind !== "I32" || (value | 0) === value);
    if (!fits) {
      const got = value?.constructor?.name ?? String(value);
      throw new TypeError(`${name}.${method}: argument ${index + 1} should be ${wanted}, got ${isNumber ? String(value) : got}`);
    }
    const array = isNumber ? arrays[kind].of(value) : value;
    return kind === "BOOL" ? Int8Array.from(array) : array;
  }

  function taken({kind, isNumber}, array) {
    const own = kind === "BOOL" ? Uint8Array.from(array) : array;
    return !isNumber ? own : kind === "BOOL" ? own[0] === 1 : own[0];
  }

  function wrap(exported) {
    let broken = null;
    // What is wrong is an Error that says so; what the engine itself stops leaves nothing that could be relied upon.
    const enter = (method, call) => {
      if (broken) {
        throw new Error(`${name}.${method}: an earlier call was stopped (${broken}); load the network again`);
      }
      try {
        return call();
      } catch (e) {
        if (e instanceof WebAssembly.RuntimeError || e instanceof RangeError) {
          broken = e.message;
        }
        throw e;
      }
    };
    const network = {};
    methods.forEach(({name: method, takes, gives}, index) => {
      network[method] = (...values) => enter(method, () => {
        if (values.length !== takes.length) {
          throw new TypeError(`${name}.${method}: expected ${takes.length} arguments, got ${values.length}`);
        }
        check(exported[`call${index}`](...takes.map((value, i) => given(method, i, value, values[i]))));
        const results = gives.map((value, i) => taken(value, exported[`result${index}_${i}`]()));
        return gives.length > 1 ? Object.fromEntries(gives.map((value, i) => [value.name, results[i]])) : results[0];
      });
    });
    if (exported.save) {
      network.save = () => enter("save", () => {
        check(exported.save());
        return new Uint8Array(exported.saved());
      });
      network.restore = weights => enter("restore", () => check(exported.restore(signed(weights))));
    }
    return Object.freeze(network);
  }

  return Object.freeze({
    // The weights that came with it: a safetensors file.
    weights: shipped,
    // A new network, with these or other weights.
    async load(weights = shipped()) {
      const exported = await start();
      check(exported.load(signed(weights)));
      return wrap(exported);
    }
  });
})();
