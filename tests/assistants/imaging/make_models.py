"""Writes the tiny models with which the reader of images is tested: python3 tests/assistants/imaging/make_models.py

bright.onnx     classifier of grey 32 x 32: "bright" says how bright the picture is, "dark" the rest; strangeness is
                the brightness times 2
inside.onnx     segmenter of grey 32 x 32: the mask is the picture, its seeds what is brighter than 0.9
spots.onnx      segmenter of rgb 32 x 32: the mask is how little green there is, its seeds where there is almost none
cube.onnx       volume of 8 x 8 x 8: what is above the mean, and what is far above it
"""
import pathlib

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent


def constant(name, value):
    return numpy_helper.from_array(numpy.array(value, numpy.float32), name)


def shape(name, *sides):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, sides)


def save(name, nodes, inputs, outputs, constants):
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")


def bright():
    nodes = [helper.make_node("ReduceMean", ["image"], ["mean"], axes=[2, 3], keepdims=0),
             helper.make_node("Sub", ["one", "mean"], ["rest"]),
             helper.make_node("Concat", ["mean", "rest"], ["probabilities"], axis=1),
             helper.make_node("AveragePool", ["image"], ["pooled"], kernel_shape=[8, 8], strides=[8, 8]),
             helper.make_node("Sub", ["pooled", "half"], ["centred"]),
             helper.make_node("Mul", ["centred", "steep"], ["for"]),
             helper.make_node("Neg", ["for"], ["against"]),
             helper.make_node("Concat", ["for", "against"], ["places"], axis=1),
             helper.make_node("ReduceMean", ["image"], ["grey"], axes=[1, 2, 3], keepdims=0),
             helper.make_node("Mul", ["grey", "two"], ["strangeness"])]
    save("bright", nodes, [shape("image", "n", 1, 32, 32)],
         [shape("probabilities", "n", 2), shape("places", "n", 2, 4, 4), shape("strangeness", "n")],
         [constant("one", 1), constant("half", 0.5), constant("steep", 10), constant("two", 2)])


def inside():
    nodes = [helper.make_node("Sub", ["image", "bright"], ["above"]),
             helper.make_node("Mul", ["above", "steep"], ["logit"]),
             helper.make_node("Sigmoid", ["logit"], ["seeds"]),
             helper.make_node("Concat", ["image", "seeds"], ["masks"], axis=1)]
    save("inside", nodes, [shape("image", "n", 1, 32, 32)], [shape("masks", "n", 2, 32, 32)],
         [constant("bright", 0.9), constant("steep", 100)])


def spots():
    nodes = [helper.make_node("Slice", ["image", "first", "last", "channels"], ["green"]),
             helper.make_node("Sub", ["one", "green"], ["dark"]),
             helper.make_node("Sub", ["dark", "darkest"], ["above"]),
             helper.make_node("Mul", ["above", "steep"], ["logit"]),
             helper.make_node("Sigmoid", ["logit"], ["seeds"]),
             helper.make_node("Concat", ["dark", "seeds"], ["masks"], axis=1)]
    places = [numpy_helper.from_array(numpy.array([value], numpy.int64), name)
              for name, value in (("first", 1), ("last", 2), ("channels", 1))]
    save("spots", nodes, [shape("image", "n", 3, 32, 32)], [shape("masks", "n", 2, 32, 32)],
         [constant("one", 1), constant("darkest", 0.8), constant("steep", 100), *places])


def cube():
    nodes = [helper.make_node("Sigmoid", ["volume"], ["above"]),
             helper.make_node("Sub", ["volume", "far"], ["beyond"]),
             helper.make_node("Mul", ["beyond", "steep"], ["steeper"]),
             helper.make_node("Sigmoid", ["steeper"], ["far_above"]),
             helper.make_node("Concat", ["above", "far_above"], ["masks"], axis=1)]
    save("cube", nodes, [shape("volume", 1, 1, 8, 8, 8)], [shape("masks", 1, 2, 8, 8, 8)],
         [constant("far", 1.5), constant("steep", 10)])


if __name__ == "__main__":
    bright()
    inside()
    spots()
    cube()
