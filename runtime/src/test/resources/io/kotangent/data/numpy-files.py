"""Makes numpy-files.txt: files that numpy itself writes, for NumpyFilesTest.

    python3 numpy-files.py > numpy-files.txt

A line is a name, the type that is expected (or the word of the refusal), how it is stored, the values in row-major order, and the file,
compressed by zlib, in base64. Files of several arrays have the suffix .npz; their arrays are all [1 2 3] of int32.
"""
import base64
import io
import warnings
import zipfile
import zlib

import numpy as np

warnings.simplefilter("ignore")
READ = {"b1": "bool", "i1": "i32", "u1": "i32", "i2": "i32", "u2": "i32", "i4": "i32", "u4": "i64", "i8": "i64",
        "f2": "f32", "f4": "f32", "f8": "f64"}
STORED = {"b1": "BOOL", "i1": "I8", "u1": "U8", "i2": "I16", "u2": "U16", "i4": "I32", "u4": "U32", "i8": "I64",
          "f2": "F16", "f4": "F32", "f8": "F64"}


def line(name, expected, stored, values, content):
    packed = base64.b64encode(zlib.compress(content, 9)).decode()
    print("\t".join([name, expected, stored, values, packed]))


def file(array, version=None):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, version=version)
    return out.getvalue()


def text(value):
    return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN", "True": "1", "False": "0"}.get(str(value), str(value))


def good(name, array, version=None):
    kind = array.dtype.str[1:]
    shape = "[" + ",".join(map(str, array.shape)) + "]" if array.shape else ""
    values = " ".join(text(x) for x in array.flatten(order="C").tolist())
    line(name, READ[kind] + shape, STORED[kind], values, file(array, version))


def values(kind):
    if kind == "b1":
        return [True, False, False, True, True, False]
    if kind[0] == "f":
        info = np.finfo(kind)
        return [1.5, float(info.max), float(info.smallest_subnormal), -0.0, float("inf"), float("nan")]
    info = np.iinfo(kind)
    return [int(info.min), int(info.max), 1, 2, 3, 100]


for kind in READ:
    for order in "<>":
        for layout in "CF":
            if order == "<" or np.dtype(order + kind).str[0] == ">":
                array = np.array(values(kind), order + kind).reshape(2, 3)
                good(order + kind + " " + layout, np.array(array, order=layout))
good("rank 0", np.array(7.25))
good("rank 1", np.arange(5, dtype="<i4"))
good("rank 3 F", np.array(np.arange(24, dtype="<i4").reshape(2, 3, 4), order="F"))
good("rank 4 F >", np.array(np.arange(36, dtype=">f8").reshape(3, 2, 1, 6), order="F"))
good("rank 32", np.full([1] * 31 + [2], 5, "<i8"))
good("rank 32 F", np.array(np.arange(8, dtype="<i4").reshape([2] + [1] * 15 + [2] + [1] * 14 + [2]), order="F"))
good("empty", np.zeros((0, 3), "<f4"))
good("empty F", np.zeros((2, 0, 5), "<f8", order="F"))
good("version 2", np.arange(4, dtype="<f4"), (2, 0))
good("version 3", np.arange(4, dtype="<f4"), (3, 0))
good("transposed view", np.arange(6, dtype="<i4").reshape(2, 3).T)
good("strided view", np.arange(20, dtype="<i4").reshape(4, 5)[::2, ::3])

for name, array, word in [
    ("object", np.array([1, "a"], object), "unpickled"),
    ("record", np.array([(1, 2.0)], [("a", "<i4"), ("b", "<f8")]), "records"),
    ("named ü", np.array([(1,)], [("ü€", "<i4")]), "records"),
    ("text", np.array(["ab", "c"]), "text"),
    ("bytes", np.array([b"ab", b"c"]), "text"),
    ("complex", np.array([1 + 2j]), "complex"),
    ("complex >", np.array([1 + 2j], ">c8"), "complex"),
    ("date", np.array(["2020-01-01"], "M8[D]"), "dates"),
    ("span", np.array([3], "m8[s]"), "dates"),
    ("void", np.zeros(2, "V2"), "raw bytes"),
    ("uint64", np.array([2**63], "<u8"), "uint64"),
    ("long double", np.array([1], np.longdouble), "floats"),
]:
    line(name, word, "-", "", file(array))


class Pipe(io.RawIOBase):
    """What cannot be sought, so that zip files get data descriptors."""

    def __init__(self):
        self.content = io.BytesIO()

    def writable(self):
        return True

    def write(self, piece):
        return self.content.write(piece)


def archive(name, write):
    out = io.BytesIO()
    write(out)
    line(name + ".npz", " ".join(np.load(io.BytesIO(out.getvalue())).files), "I32", "1 2 3", out.getvalue())


def piped(method):
    def write(out):
        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", method) as zip:
            for key in "ab":
                with zip.open(key + ".npy", "w", force_zip64=key == "b") as member:
                    np.lib.format.write_array(member, three)
        out.write(pipe.content.getvalue())
    return write


def plain(out):
    with zipfile.ZipFile(out, "w") as zip:
        zip.writestr("x", file(three))
        zip.writestr("folder/y.npy", file(three))
        zip.comment = b"a comment"


three = np.array([1, 2, 3], "<i4")
archive("savez", lambda out: np.savez(out, x=three, y=three))
archive("savez positional", lambda out: np.savez(out, three, three))
archive("savez names", lambda out: np.savez(out, **{"ключ": three, "../x": three, "w.npy": three, "é": three}))
archive("savez_compressed", lambda out: np.savez_compressed(out, x=three, y=three))
archive("savez nothing", lambda out: np.savez(out))
archive("piped", piped(zipfile.ZIP_STORED))
archive("piped deflated", piped(zipfile.ZIP_DEFLATED))
archive("plain", plain)
