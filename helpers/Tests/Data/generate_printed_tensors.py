"""Prints the tensors of printed-tensors.json once more with the real PyTorch (1.13) and writes the file anew.

    python3 generate_printed_tensors.py > new.json

The data of the cases were drawn once, at random, and are kept in the file itself. What PyTorch makes of them,
`expected`, comes from here. With PyTorch 1.13 the output is the file, byte for byte.
"""
import json
import pathlib
import sys

import torch

from generate_more_printed_tensors import make

FILE = pathlib.Path(__file__).with_name("printed-tensors.json")


def text(case):
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**case["options"])
    tensor = make(case["dtype"], case["shape"], case["data"])
    if case["parameter"]:
        return repr(torch.nn.Parameter(tensor, requires_grad=case["requires_grad"]))
    return repr(tensor.requires_grad_(case["requires_grad"]))


reference = json.loads(FILE.read_text(encoding="utf-8"))
reference["torch"] = torch.__version__
for case in reference["cases"]:
    case["expected"] = text(case)
json.dump(reference, sys.stdout, separators=(",", ":"))
