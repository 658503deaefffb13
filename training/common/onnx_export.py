"""From PyTorch to a small ONNX file that runs in float32."""
import inspect

import numpy
import onnx
import torch
from onnx import helper, numpy_helper

SMALLEST = 256  # numbers of a weight that are worth storing in half the bytes
# Later PyTorch has another exporter, which is not asked for: it needs onnxscript and writes other graphs.
BY_TRACING = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}


def export(network, example, path, names, input_name="film", batches=False):
    """network(example) as ONNX (opset 13), its weights stored as float16 and widened when it is loaded; batches: of
    any number of examples."""
    axes = {name: {0: "n"} for name in (input_name, *names)} if batches else None
    torch.onnx.export(network.eval(), example, path, opset_version=13, input_names=[input_name],
                      output_names=names, dynamic_axes=axes, **BY_TRACING)
    model = onnx.load(path)
    store_as_half(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def store_as_half(graph):
    """float32 weights become float16 and a Cast, which ONNX Runtime folds away once."""
    casts = []
    for weight in graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != numpy.float32 or values.size < SMALLEST:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(values.astype(numpy.float16), name + ".half"))
        casts.append(helper.make_node("Cast", [name + ".half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:]
    graph.node.extend(nodes)
