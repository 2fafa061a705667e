using MathNet.Numerics;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>Functions of one number, as the ONNX standard words them.</summary>
internal static class Functions64
{
    /// <summary>The function that a node applies to every value, or null for another kind of operator.</summary>
    public static Func<double, double>? Of(NodeProto node)
    {
        double Number(string name, double otherwise) => node.Float(name, (float)otherwise);
        return node.OpType switch
        {
            "Abs" => Math.Abs,
            "Acos" => Math.Acos,
            "Acosh" => Math.Acosh,
            "Asin" => Math.Asin,
            "Asinh" => Math.Asinh,
            "Atan" => Math.Atan,
            "Atanh" => Math.Atanh,
            "Ceil" => Math.Ceiling,
            "Celu" => v => Math.Max(0, v) + Math.Min(0, Number("alpha", 1) * (Math.Exp(v / Number("alpha", 1)) - 1)),
            "Cos" => Math.Cos,
            "Cosh" => Math.Cosh,
            "Elu" => v => v > 0 ? v : Number("alpha", 1) * (Math.Exp(v) - 1),
            "Erf" => SpecialFunctions.Erf,
            "Exp" => Math.Exp,
            "Floor" => Math.Floor,
            "HardSigmoid" => v => Math.Max(0, Math.Min(1, Number("alpha", 0.2) * v + Number("beta", 0.5))),
            "LeakyRelu" => v => v > 0 ? v : v * Number("alpha", 0.01),
            "Log" => Math.Log,
            "Neg" => v => -v,
            "Not" => v => 1 - v,
            "Reciprocal" => v => 1 / v,
            "Relu" => v => Math.Max(v, 0),
            "Selu" => v => Number("gamma", 1.05070102214813232421875) * (v > 0 ? v : Number("alpha", 1.67326319217681884765625) * (Math.Exp(v) - 1)),
            "Shrink" => v => v < -Number("lambd", 0.5) ? v + Number("bias", 0) : v > Number("lambd", 0.5) ? v - Number("bias", 0) : 0,
            "Sigmoid" => v => 1 / (1 + Math.Exp(-v)),
            "Sign" => v => Math.Sign(v),
            "Sin" => Math.Sin,
            "Sinh" => Math.Sinh,
            "Softplus" => v => Math.Log(1 + Math.Exp(v)),
            "Sqrt" => Math.Sqrt,
            "Tan" => Math.Tan,
            "Tanh" => Math.Tanh,
            "ThresholdedRelu" => v => v > Number("alpha", 1) ? v : 0,
            _ => null,
        };
    }
}
