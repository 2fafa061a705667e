using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Graphs.AttentionHeads;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Winograd;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>
/// Operators of our own for sessions on a CPU, for what the standard's operators take several passes over memory for, or many times the multiplications. A model is
/// written with them after all else is done, so that nothing else knows of them.
/// </summary>
public static unsafe class CpuKernels
{
    /// <summary>The domain of their names.</summary>
    internal const string Domain = "perceptionstudy";

    // ONNX Runtime keeps the address: it lives as long as the program.
    private static readonly nint Operators = MakeDomain();

    /// <summary>Writes a model with them where that is faster.</summary>
    /// <param name="model">A model as <see cref="GraphBuilder.ToModel"/> writes it, with the shapes of all tensors.</param>
    /// <returns>The model with the same inputs and outputs; tensors keep their names. It needs a session that knows the operators.</returns>
    public static ModelProto Run(ModelProto model)
    {
        var result = model.Clone();
        result.OpsetImport.Add(new OperatorSetIdProto { Domain = Domain, Version = 1 });
        FusedNodes.Run(result.Graph);
        if (WideVectors.Fast)
            AttentionFusion.Run(result.Graph);
        result = WinogradConvolutions.Run(result);
        RectifierSums.Run(result.Graph);
        ErrorUnitFusion.Run(result.Graph);
        UnreadNodes.Remove(result.Graph);
        return result;
    }

    /// <summary>Makes them known to the sessions that are made with these options.</summary>
    public static void Register(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(OrtOperatorApi.AddDomainToOptions(options.DangerousGetHandle(), Operators));
        GC.KeepAlive(options);
    }

    private static nint MakeDomain()
    {
        nint domain;
        Check(OrtOperatorApi.CreateCustomOpDomain(OrtOperator.Text("perceptionstudy"u8), &domain));
        Check(OrtOperatorApi.AddToDomain(domain, WinogradOperator.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, RectifierGradient.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, MaxPoolGradient.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, SoftmaxGradient.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, LayerNormalizationGradient.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, ErfGradient.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, ErrorUnits.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, ErrorUnits.MakeGradient()));
        Check(OrtOperatorApi.AddToDomain(domain, AttentionOperator.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, AttentionGradientOperator.Make()));
        Check(OrtOperatorApi.AddToDomain(domain, AttentionGradientOperator.MakeTogether()));
        return domain;
    }

    private static void Check(nint status)
    {
        if (status != 0)
            throw new InvalidOperationException("ONNX Runtime does not take operators of version 17; its version does not fit the program.");
    }
}
