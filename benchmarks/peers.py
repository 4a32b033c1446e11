"""The workloads of the benchmarks in frameworks of Python; called by benchmarks/compare --python PYTHON.

usage: peers.py FRAMEWORK THREADS SECONDS WORKLOAD...    FRAMEWORK: jax, torch, torchcompile or onnxruntime

Prints a JSON line for each workload that the framework has. Inputs, labels and first weights are NumPy arrays made before
the clock starts; `first_ms` ends with the result of the first step or call, tracing and compilation included.
"""

import json
import os
import sys
import time

FRAMEWORK, THREADS, SECONDS = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = str(THREADS)
if THREADS == 1 and FRAMEWORK == "jax":
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import numpy as np  # noqa: E402 (after the variables that it reads)

RANDOM = np.random.default_rng(0)
NETWORKS = {  # name: (sizes of the layers, batch of the training step)
    "block": ([10, 100, 100, 100, 100, 100, 1], 32),
    "block1000": ([10, 100, 100, 100, 100, 100, 1], 1000),
    "mlp": ([784, 128, 64, 10], 64),
    "logreg": ([30, 1], 10000),
}


def normal(*shape, deviation=1.0):
    return RANDOM.normal(0, deviation, shape).astype(np.float32)


def dense_weights(sizes):
    """Pairs of weights (inputs, outputs) and zero biases."""
    pairs = zip(sizes[:-1], sizes[1:])
    return [(normal(a, b, deviation=(2 / a) ** 0.5), np.zeros(b, np.float32)) for a, b in pairs]


def examples(sizes, batch):
    """Inputs, and as targets bits for one output, labels for more."""
    inputs = normal(batch, sizes[0])
    if sizes[-1] == 1:
        return inputs, RANDOM.integers(0, 2, (batch, 1)).astype(np.float32)
    return inputs, RANDOM.integers(0, sizes[-1], batch).astype(np.int32)


def images(batch):
    return RANDOM.random((batch, 28, 28, 1)).astype(np.float32), RANDOM.integers(0, 10, batch).astype(np.int32)


def kernels():
    """Kernels (height, width, inputs, outputs) and zero biases of the two convolutions."""
    shapes = [(5, 5, 1, 32), (5, 5, 32, 64)]
    return [(normal(*s, deviation=(2 / np.prod(s[:3])) ** 0.5), np.zeros(s[3], np.float32)) for s in shapes]


def blocks(call, calls, seconds):
    """Microseconds of a call in each of the blocks that fit into some seconds, at least five."""
    times, end = [], time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(calls):
            call()
        times.append((time.perf_counter() - start) / calls * 1e6)
    return sorted(times)


def measure(workload, call, flops=0):
    start = time.perf_counter()
    call()
    first = time.perf_counter() - start
    rough = blocks(call, 1, SECONDS)
    times = blocks(call, max(1, int(20e3 / rough[len(rough) // 2])), SECONDS)
    median, least = times[len(times) // 2], times[0]
    figure = {"fw": FRAMEWORK, "threads": THREADS, "workload": workload, "first_ms": round(first * 1e3, 2),
              "median_us": round(median, 2), "min_us": round(least, 2)}
    if flops:
        figure["gflops"] = round(flops / median / 1e3, 1)
    print(json.dumps(figure), flush=True)


class Jax:
    def __init__(self):
        import jax
        self.jax, self.np = jax, jax.numpy

    def network(self, weights, x):
        for w, b in weights[:-1]:
            x = self.jax.nn.relu(x @ w + b)
        return x @ weights[-1][0] + weights[-1][1]

    def convolutional(self, weights, x):
        lax = self.jax.lax
        for w, b in weights[:2]:
            x = lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            x = self.jax.nn.relu(x + b)
            x = lax.reduce_window(x, -np.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
        return self.network(weights[2:], x.reshape(x.shape[0], -1))

    def loss(self, scores, y):
        if y.ndim == 2:
            return (self.jax.nn.softplus(scores) - scores * y).mean()
        rows = self.jax.nn.log_softmax(scores)
        return -self.np.take_along_axis(rows, y[:, None], 1).mean()

    def training(self, forward, weights, x, y):
        jax, jnp = self.jax, self.np

        def step(state, x, y):
            weights, first, second, count = state
            loss, gradient = jax.value_and_grad(lambda w: self.loss(forward(w, x), y))(weights)
            count = count + 1
            first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
            second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
            rate = 1e-3 * jnp.sqrt(1 - 0.999 ** count) / (1 - 0.9 ** count)
            weights = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-8), weights, first, second)
            return (weights, first, second, count), loss

        weights = jax.tree.map(jnp.asarray, weights)
        zeros = [jax.tree.map(lambda w: jnp.zeros(w.shape, w.dtype), weights) for _ in range(2)]
        state = [(weights, zeros[0], zeros[1], jnp.float32(0))]
        x, y, compiled = jnp.asarray(x), jnp.asarray(y), jax.jit(step, donate_argnums=0)

        def call():
            state[0], loss = compiled(state[0], x, y)
            loss.block_until_ready()
        return call

    def inference(self, forward, weights, x):
        compiled, weights = self.jax.jit(forward), self.jax.tree.map(self.np.asarray, weights)
        return lambda: np.asarray(compiled(weights, x))

    def elementwise(self, x, a):
        x, a = self.np.asarray(x), self.np.asarray(a)
        compiled = self.jax.jit(lambda x, a: self.np.tanh(a * x + 0.5) * self.jax.nn.sigmoid(1.5 * x - a))
        return lambda: compiled(x, a).block_until_ready()

    def gemm(self, a):
        a, compiled = self.np.asarray(a), self.jax.jit(lambda a, b: a @ b)
        return lambda: compiled(a, a).block_until_ready()


class Torch:
    def __init__(self, compiled):
        import torch
        torch.set_num_threads(THREADS)
        self.torch = torch
        self.compiled = torch.compile if compiled else lambda function: function

    def network(self, weights):
        nn, layers = self.torch.nn, []
        for w, b in weights:
            layers += [nn.Linear(*w.shape), nn.ReLU()]
            with self.torch.no_grad():
                layers[-2].weight.copy_(self.torch.from_numpy(w.T.copy()))
                layers[-2].bias.zero_()
        return nn.Sequential(*layers[:-1])

    def convolutional(self, weights):
        nn, layers = self.torch.nn, []
        for w, _ in weights[:2]:
            layers += [nn.Conv2d(w.shape[2], w.shape[3], 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
        return nn.Sequential(*layers, nn.Flatten(), self.network(weights[2:]))

    def channels_first(self, x):
        return np.ascontiguousarray(np.moveaxis(x, 3, 1)) if x.ndim == 4 else x

    def training(self, network, weights, x, y):
        functional = self.torch.nn.functional
        network = network(weights)
        adam = self.torch.optim.Adam(network.parameters(), 1e-3, fused=True)
        x = self.torch.from_numpy(self.channels_first(x))
        y = self.torch.from_numpy(y if y.ndim == 2 else y.astype(np.int64))
        loss = functional.binary_cross_entropy_with_logits if y.ndim == 2 else functional.cross_entropy
        forward = self.compiled(lambda x, y: loss(network(x), y))

        def call():
            adam.zero_grad(set_to_none=True)
            value = forward(x, y)
            value.backward()
            adam.step()
            return float(value.detach())
        return call

    def inference(self, network, weights, x):
        network, x = self.compiled(network(weights)), self.torch.from_numpy(self.channels_first(x))

        def call():
            with self.torch.inference_mode():
                return network(x).numpy()
        return call

    def without_gradients(self, function, *inputs):
        inputs = [self.torch.from_numpy(i) for i in inputs]

        def call():
            with self.torch.inference_mode():
                return function(*inputs)
        return call

    def elementwise(self, x, a):
        torch = self.torch
        formula = self.compiled(lambda x, a: torch.tanh(a * x + 0.5) * torch.sigmoid(1.5 * x - a))
        return self.without_gradients(formula, x, a)

    def gemm(self, a):
        return self.without_gradients(lambda a: a @ a, a)


class OnnxRuntime:
    """Inference only."""

    def __init__(self):
        import onnx
        import onnxruntime
        self.onnx, self.runtime = onnx, onnxruntime

    def network(self, weights, after="x", nodes=(), start=0):
        nodes, constants = list(nodes), {}
        for i, (w, b) in enumerate(weights):
            last = i == len(weights) - 1
            constants[f"w{start + i}"], constants[f"b{start + i}"] = w, b
            out = "y" if last else f"h{i}"
            nodes.append(("Gemm", [after, f"w{start + i}", f"b{start + i}"], out, {}))
            if not last:
                nodes.append(("Relu", [out], f"r{i}", {}))
                after = f"r{i}"
        return nodes, constants

    def convolutional(self, weights):
        nodes, constants, after = [], {}, "x"
        for i, (w, b) in enumerate(weights[:2]):
            constants[f"w{i}"], constants[f"b{i}"] = np.ascontiguousarray(w.transpose(3, 2, 0, 1)), b
            nodes += [("Conv", [after, f"w{i}", f"b{i}"], f"c{i}", {"pads": [2, 2, 2, 2]}),
                      ("Relu", [f"c{i}"], f"d{i}", {}),
                      ("MaxPool", [f"d{i}"], f"p{i}", {"kernel_shape": [2, 2], "strides": [2, 2]})]
            after = f"p{i}"
        nodes.append(("Flatten", [after], "flat", {}))
        nodes, more = self.network(weights[2:], "flat", nodes, 2)
        return nodes, constants | more

    def inference(self, network, weights, x):
        helper, numbers = self.onnx.helper, self.onnx.numpy_helper
        x = np.ascontiguousarray(np.moveaxis(x, 3, 1)) if x.ndim == 4 else x
        nodes, constants = network(weights)
        float_type = self.onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            [helper.make_node(op, inputs, [out], **attributes) for op, inputs, out, attributes in nodes], "g",
            [helper.make_tensor_value_info("x", float_type, x.shape)],
            [helper.make_tensor_value_info("y", float_type, [1, weights[-1][0].shape[1]])],
            [numbers.from_array(value, name) for name, value in constants.items()])
        opsets = [helper.make_opsetid("", 21)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString()
        session = []

        def call():
            if not session:
                options = self.runtime.SessionOptions()
                options.intra_op_num_threads = THREADS
                session.append(self.runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"]))
            return session[0].run(None, {"x": x})
        return call


def call_of(framework, workload):
    """What is timed, and its flops; None if the framework does not have it."""
    name, _, kind = workload.partition("-")
    if name.startswith("gemm") and hasattr(framework, "gemm"):
        size = int(name[4:])
        return framework.gemm(RANDOM.random((size, size)).astype(np.float32)), 2 * size ** 3
    if name == "elementwise" and hasattr(framework, "elementwise"):
        return framework.elementwise(normal(1 << 20), normal(1 << 20)), 0
    if not hasattr(framework, {"train": "training", "infer1": "inference"}.get(kind, "")):
        return None
    if name == "cnn":
        network, weights = framework.convolutional, kernels() + dense_weights([3136, 1024, 10])
        x, y = images(64)
    else:
        sizes, batch = NETWORKS[name]
        network, weights = framework.network, dense_weights(sizes)
        x, y = examples(sizes, batch)
    if kind == "train":
        return framework.training(network, weights, x, y), 0
    return framework.inference(network, weights, x[:1]), 0


def main():
    framework = {"jax": Jax, "torch": lambda: Torch(False), "torchcompile": lambda: Torch(True),
                 "onnxruntime": OnnxRuntime}[FRAMEWORK]()
    for workload in sys.argv[4:]:
        made = call_of(framework, workload)
        if made:
            measure(workload, *made)


main()
