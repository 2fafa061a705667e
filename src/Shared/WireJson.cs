using System.Text.Json.Serialization;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Shared;

/// <summary>The one way in which these types become JSON, on the server and in the browser.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SessionPlan))]
[JsonSerializable(typeof(SessionCompletion))]
[JsonSerializable(typeof(TrialResponse[]))]
[JsonSerializable(typeof(BatchReceipt))]
[JsonSerializable(typeof(ResponseReceipt))]
[JsonSerializable(typeof(QuestionnaireAnswers))]
[JsonSerializable(typeof(QuestionnaireReceipt))]
[JsonSerializable(typeof(HeadphoneAnswers))]
[JsonSerializable(typeof(HeadphoneReceipt))]
[JsonSerializable(typeof(Refusal))]
public sealed partial class WireJson : JsonSerializerContext;
