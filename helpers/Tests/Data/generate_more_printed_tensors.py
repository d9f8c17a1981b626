"""Prints tensors with the real PyTorch (1.13) and writes them as reference cases, one a line.

What the rules of PyTorch 2.10 change of the text of these tensors, is done here: a forced notation has its own width.

    python3 generate_more_printed_tensors.py [random cases = 600] [seed = 1] > more-printed-tensors.json

The cases extend printed-tensors.json, in the same form, with other layouts and views (`steps`, applied in order to the tensor
made of dtype, shape and data), with names, and with another default dtype.
"""
import itertools
import json
import math
import random
import struct
import sys

import torch

FLOATS = ["float16", "bfloat16", "float32", "float64"]
COMPLEX = ["complex64", "complex128"]
INTEGERS = ["uint8", "int8", "int16", "int32", "int64"]
DTYPES = ["bool"] + INTEGERS + FLOATS + COMPLEX
RANGES = {"uint8": (0, 255), "int8": (-128, 127), "int16": (-2**15, 2**15 - 1), "int32": (-2**31, 2**31 - 1), "int64": (-2**63, 2**63 - 1)}


class Formatter(torch._tensor_str._Formatter):
    """PyTorch 1.13 keeps the width of the notation that `sci_mode` replaces; since 2.9 the numbers as written count."""

    def __init__(self, tensor):
        super().__init__(tensor)
        if self.floating_dtype and torch._tensor_str.PRINT_OPTS.sci_mode is not None:
            self.max_width = 1
            numbers = [value for value in tensor.reshape(-1).tolist() if value != 0 and math.isfinite(value)]
            self.max_width = max([1] + [len(self.format(value)) for value in numbers])


torch._tensor_str._Formatter = Formatter


class Identity(torch.autograd.Function):
    """Makes a tensor that is not a leaf, with the one node name that TorchSharp's side can print."""

    @staticmethod
    def forward(_, tensor):
        return tensor.clone()

    @staticmethod
    def backward(_, gradient):
        return gradient


Identity._backward_cls.__name__ = "..."


def make(dtype, shape, data):
    if dtype in COMPLEX:
        data = [complex(float(re), float(im)) for re, im in data]
    elif dtype in FLOATS:
        data = [float(value) for value in data]
    wide = torch.complex128 if dtype in COMPLEX else torch.float64 if dtype in FLOATS else None
    return torch.tensor(data, dtype=wide or getattr(torch, dtype)).to(getattr(torch, dtype)).reshape(shape)


def text_of(tensor, value):
    if tensor.is_complex():
        return [repr(value.real), repr(value.imag)]
    return repr(value) if tensor.is_floating_point() else value


def apply(tensor, step):
    name, *arguments = step
    if name == "slice":
        dimension, start, stop, stride = arguments
        return tensor[tuple([slice(None)] * dimension + [slice(start, stop, stride)])]
    if name == "conj":
        return tensor.conj()
    if name in ("real", "imag"):
        return getattr(tensor, name)
    if name == "coo":
        return torch.sparse_coo_tensor(torch.tensor(arguments[0]), tensor, arguments[1])
    if name == "quantize":
        return torch.quantize_per_tensor(tensor, arguments[0], arguments[1], getattr(torch, arguments[2]))
    if name == "quantize_channels":
        scales, zero_points, axis, dtype = arguments
        return torch.quantize_per_channel(tensor, torch.tensor(scales, dtype=torch.float64), torch.tensor(zero_points), axis, getattr(torch, dtype))
    if name == "meta":
        return tensor.to("meta")
    if name == "names":
        return tensor.refine_names(*arguments)
    return getattr(tensor, name)(*arguments)


def case(name, dtype, shape, data, options=None, steps=(), grad=None, default="float32"):
    """grad: None, "leaf", "parameter" or "result" (of an operation)."""
    options = options or {}
    torch.set_default_dtype(getattr(torch, default))
    torch.set_printoptions(profile="default")
    tensor = make(dtype, shape, data)
    result = {"name": name, "dtype": dtype, "shape": shape, "data": [text_of(tensor, v) for v in tensor.reshape(-1).tolist()],
              "requires_grad": grad is not None, "parameter": grad == "parameter", "options": options}
    for step in steps:
        tensor = apply(tensor, step)
    if grad == "parameter":
        tensor = torch.nn.Parameter(tensor)
    elif grad:
        tensor.requires_grad_()
    if grad == "result":
        tensor = Identity.apply(tensor)
        result["result"] = True
    if steps:
        result["steps"] = steps
    if default != "float32":
        result["default_dtype"] = default
    torch.set_printoptions(**({"profile": "default"} | options))
    result["expected"] = repr(tensor)
    torch.set_printoptions(profile="default")
    torch.set_default_dtype(torch.float32)
    return result


def chosen():
    """Cases made to hit one rule each."""
    n = itertools.count()

    def c(what, *args, **kwargs):
        return case(f"{what}-{next(n)}", *args, **kwargs)

    largest = {"float16": 65504.0, "bfloat16": 3.3895313892515355e38, "float32": 3.4028234663852886e38, "float64": sys.float_info.max}
    smallest = {"float16": 2.0**-24, "bfloat16": 2.0**-133, "float32": 2.0**-149, "float64": 5e-324}
    for dtype in DTYPES:
        one = [["1.5", "-2.0"]] if dtype in COMPLEX else ["2.5"] if dtype in FLOATS else [1]
        for default in ("float32", "float64"):
            yield c("scalar", dtype, [], one, default=default)
            yield c("one", dtype, [1], one, default=default)
            yield c("empty", dtype, [0], [], default=default)
            yield c("empty", dtype, [0, 3], [], default=default)
        yield c("empty", dtype, [2, 0, 3], [], {"linewidth": 30})
        yield c("meta", dtype, [1], one, steps=[["meta"]])
        yield c("sparse", dtype, [1], one, steps=[["coo", [[2]], [4]]])
    for dtype in FLOATS:
        for value in (largest[dtype], smallest[dtype], -smallest[dtype] * 3, 0.0, -0.0, math.inf, -math.inf, math.nan):
            for options in ({}, {"precision": 0}, {"precision": 1, "sci_mode": False}, {"precision": 40, "sci_mode": True}):
                yield c("extreme", dtype, [2], [repr(value), "1.0"], options)
                yield c("extreme", dtype, [1], [repr(value)], options)
        ties = [repr(k / 8 * s) for k in range(1, 16) for s in (1, -1)]
        for precision in range(4):
            for mode in (None, True, False):
                yield c("ties", dtype, [30], ties, {"precision": precision, "sci_mode": mode})
    for precision in (17, 60, 330, 1100):
        for mode in (True, False):
            yield c("long", "float64", [3], ["5e-324", "0.1", "-1e22"], {"precision": precision, "sci_mode": mode})
    for values in (["1e-300", "1e300"], ["1e8", "1.0"], ["100000001.0", "100000000.0"], ["1000.0", "1.0"], ["1001.0", "1.0"], ["1e-4", "0.05"],
                   ["9.9999e-5", "0.05"], ["1.5", "1500.0"], ["1.5", "1500.1"], ["99999.95", "9.99995"], ["9.999950000001", "0.99999500001"],
                   ["999999.5", "-0.5"], ["-0.00001", "0.01"], ["nan", "inf"], ["nan", "0.0"], ["-inf", "-1.0"], ["123456789.0", "inf"],
                   ["0.0", "-0.0"], ["1e15", "1e22"], ["1e23", "9.5e22"], ["1e-5", "1e-5"], ["2.5", "3.5"], ["1e16", "nan"]):
        for options in ({}, {"sci_mode": True}, {"sci_mode": False}, {"precision": 0}, {"precision": 8, "sci_mode": True}):
            yield c("mode", "float64", [2], values, options)
            yield c("mode", "complex128", [2], [values, values[::-1]], options)
    for dtype, (low, high) in RANGES.items():
        yield c("limits", dtype, [3], [low, high, 0])
    for threshold in (0, 23, 24, 25):
        for edge in (1, 2, 3):
            yield c("boundary", "int64", [4, 6], list(range(24)), {"threshold": threshold, "edgeitems": edge})
            yield c("boundary", "float32", [24], [repr(k / 4) for k in range(24)], {"threshold": threshold, "edgeitems": edge})
    for width in (1, 2, 7, 8, 12, 20, 33, 1000):
        yield c("width", "float32", [2, 7], [repr(k / 7) for k in range(14)], {"linewidth": width}, grad="leaf")
        yield c("width", "complex64", [5], [[repr(k / 7), repr(-k / 3)] for k in range(5)], {"linewidth": width}, grad="result")
        yield c("width", "int16", [12], list(range(12)), {"linewidth": width, "threshold": 5})
    for edge in (1, 2):
        data = list(range(-200, 43))
        yield c("five", "int32", [3, 3, 3, 3, 3], data, {"threshold": 10, "edgeitems": edge})
        yield c("five", "float32", [3, 3, 3, 3, 3], [repr(v / 16) for v in data], {"threshold": 10, "edgeitems": edge}, grad="parameter")
    line = [repr(k / 16) for k in range(-12, 12)]
    for grad in (None, "leaf", "result"):
        yield c("sparse", "float32", [4], line[:4], steps=[["coo", [[0, 1, 1, 2], [2, 0, 0, 1]], [3, 4]]], grad=grad)
        yield c("sparse", "float64", [4, 6], line, {"linewidth": 40}, steps=[["to_sparse"]], grad=grad)
        yield c("meta", "float16", [4, 6], line, steps=[["meta"]], grad=grad)
        yield c("names", "float64", [4, 6], line, steps=[["names", "N", "C"]], grad=grad)
    for shape in ([0, 4], [4, 0]):
        yield c("sparse", "float32", shape, [], steps=[["to_sparse"]])
    yield c("sparse", "float32", [2, 3], ["0.0"] * 6, steps=[["to_sparse"]])
    yield c("sparse", "complex128", [2], [["1.0", "2.0"]] * 2, steps=[["coo", [[0, 1]], [2]]])
    yield c("names", "float32", [6], line[:6], steps=[["names", None]])
    yield c("names", "float32", [6], line[:6], steps=[["names", "words"]])
    for dtype, scale, zero in (("qint8", 0.1, -3), ("quint8", 0.00001, 4), ("qint32", 2.0, 0), ("qint8", 1e16, 0), ("qint8", 1234567890123456.75, 0)):
        yield c("quantized", "float32", [4, 6], line, steps=[["quantize", scale, zero, dtype]])
        yield c("quantized", "float32", [24], line, {"threshold": 5, "linewidth": 60}, steps=[["quantize", scale, zero, dtype]])
        yield c("quantized", "float32", [4, 6], line, {"threshold": 5, "edgeitems": 1}, steps=[["quantize", scale, zero, dtype], ["transpose", 0, 1]])
        yield c("quantized", "float32", [0, 2], [], steps=[["quantize", scale, zero, dtype]])
    for axis, count in ((0, 4), (1, 6)):
        step = ["quantize_channels", [0.5 / (k + 1) for k in range(count)], list(range(count)), axis, "qint8"]
        yield c("quantized", "float32", [4, 6], line, steps=[step])
        yield c("quantized", "float32", [4, 6], line, {"threshold": 5, "edgeitems": 1, "linewidth": 50}, steps=[step])
    pairs = [[a, b] for a, b in zip(line, line[::-1])]
    for steps in ([["conj"]], [["conj"], ["imag"]], [["imag"]], [["real"]], [["conj"], ["transpose", 0, 1]], [["conj"], ["imag"], ["transpose", 0, 1]]):
        yield c("view", "complex64", [4, 6], pairs, steps=steps)
        yield c("view", "complex64", [4, 6], pairs, {"threshold": 5, "edgeitems": 1}, steps=steps)
    yield c("view", "float32", [1, 1], ["0.5"], steps=[["expand", 2000, 2000]])
    yield c("view", "int64", [1], [7], steps=[["expand", 2**31 + 9]])


def random_value(rng, dtype, kind):
    if dtype == "bool":
        return rng.random() < (kind % 3) / 2
    if dtype in INTEGERS:
        low, high = RANGES[dtype]
        limit = min(high, 10 ** rng.randint(0, 3)) if kind % 2 else high
        return rng.randint(max(low, -limit), limit)
    if rng.random() < 0.03:
        return rng.choice([0.0, -0.0, math.inf, -math.inf, math.nan])
    if kind == 0:
        return rng.gauss(0, 1)
    if kind == 1:
        return float(rng.randint(-50, 50))
    if kind == 2:
        return rng.gauss(0, 1) * 10 ** rng.randint(-6, 9)
    if kind == 3:
        return rng.randint(-4000, 4000) / 2 ** rng.randint(0, 12)
    if kind == 4:
        return struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]
    if kind == 5:
        return (10 ** rng.randint(-6, 9)) * rng.choice([1, 0.99995, 0.999995, 1.00005, 0.5, 0.25]) * rng.choice([1, -1])
    if kind == 6:
        return struct.unpack("<f", struct.pack("<I", rng.getrandbits(32)))[0]
    if kind == 7:
        return rng.choice([0.0, -0.0, math.inf, -math.inf, math.nan, float(rng.randint(-3, 3))])
    return float(rng.randint(-10**rng.randint(1, 12), 10**rng.randint(1, 12)))


def random_case(rng, name):
    dtype = rng.choice(DTYPES + FLOATS + ["float32"])
    shape = rng.choice([[], [1], [5], [17], [2, 3], [7, 2], [1, 1], [4, 9], [3, 1, 2], [2, 8, 3], [0], [3, 0], [2, 2, 2, 3], [9, 8], [1, 40], [2, 1, 2, 1, 3]])
    kind = rng.randint(0, 8)
    options = {}
    if rng.random() < 0.5:
        options["precision"] = rng.choice([0, 1, 2, 3, 6, 10, 20])
    if rng.random() < 0.3:
        options["sci_mode"] = rng.choice([True, False])
    if rng.random() < 0.4:
        options["linewidth"] = rng.choice([1, 10, 25, 40, 60, 100, 200])
    if rng.random() < 0.5:
        options["threshold"] = rng.choice([0, 3, 10, 20, 40])
        options["edgeitems"] = rng.choice([1, 2, 3, 5])
    if not options and rng.random() < 0.5:
        options = {"profile": rng.choice(["short", "full"])}
    values = [random_value(rng, dtype, kind) for _ in range(math.prod(shape))]
    if dtype in COMPLEX:
        other = rng.randint(0, 8)
        values = [[repr(v), repr(random_value(rng, dtype, other))] for v in values]
    elif dtype in FLOATS:
        values = [repr(v) for v in values]

    steps = []
    complex_now, sizes = dtype in COMPLEX, list(shape)
    while rng.random() < 0.4:
        move = rng.choice(["transpose", "slice", "expand", "conj", "part"])
        if move == "transpose" and len(sizes) > 1:
            a, b = rng.sample(range(len(sizes)), 2)
            steps.append(["transpose", a, b])
            sizes[a], sizes[b] = sizes[b], sizes[a]
        elif move == "slice" and sizes:
            a = rng.randrange(len(sizes))
            start, stride = rng.randint(0, max(sizes[a] - 1, 0)), rng.randint(1, 3)
            steps.append(["slice", a, start, sizes[a], stride])
            sizes[a] = len(range(start, sizes[a], stride))
        elif move == "expand" and len(sizes) < 4 and math.prod(sizes) < 30:
            sizes = [rng.randint(1, 9)] + sizes
            steps.append(["expand"] + sizes)
        elif move == "conj" and complex_now:
            steps.append(["conj"])
        elif move == "part" and complex_now:
            steps.append([rng.choice(["real", "imag"])])
            complex_now = False
    can_train = dtype in FLOATS + COMPLEX
    grad = rng.choice([None, None, "leaf", "parameter", "result"]) if can_train else None
    layout = rng.random()
    if layout < 0.06 and sizes:
        steps.append(["to_sparse"])
        grad = None if grad == "parameter" else grad
    elif layout < 0.1:
        steps.append(["meta"])
        grad = None if grad == "parameter" else grad
    elif layout < 0.15 and dtype == "float32" and sizes and kind in (0, 1, 3):
        # What inf and nan become when quantized differs between versions of PyTorch.
        values = [value if math.isfinite(float(value)) else "0.5" for value in values]
        steps.append(["quantize", rng.choice([0.1, 0.5, 1.0, 3e-5]), rng.randint(0, 9), rng.choice(["qint8", "quint8", "qint32"])])
        grad = None
    default = rng.choice(["float32"] * 4 + ["float64"])
    return case(name, dtype, shape, values, options, steps, grad, default)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    torch.set_num_threads(1)
    cases = list(chosen()) + [random_case(rng, f"random-{i}") for i in range(count)]
    lines = ",\n".join(json.dumps(c) for c in cases)
    print(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
