using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace PerceptionStudy.Server.Accounts.Api;

/// <summary>
/// The HTTP API, <c>/api/v1</c>: its document, its reference, and what holds for every address of it. The addresses themselves are mapped by the features,
/// which call the same services as the pages.
/// </summary>
public static class ApiV1
{
    /// <summary>Name of the document.</summary>
    internal const string Document = "v1";

    public static void AddApi(this IServiceCollection services)
    {
        services.AddProblemDetails();
        services.AddSingleton<ApiProblems>();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.KebabCaseLower)));
        services.AddOpenApi(Document, api =>
        {
            api.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            api.AddDocumentTransformer(DescribeAsync);
            api.AddOperationTransformer(SayScopeAsync);
        });
    }

    /// <summary>Refusals and faults as problem+json. Use it before everything that can refuse.</summary>
    public static void UseApiProblems(this IApplicationBuilder app) =>
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api/v1"), api => api.Use(api.ApplicationServices.GetRequiredService<ApiProblems>().AnswerAsync));

    /// <summary>Maps document and reference, and gives the group that the features add to.</summary>
    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/api/openapi/{documentName}.json");
        // Nothing of it speaks to another server, or offers to.
        routes.MapScalarApiReference("/api/reference", reference => reference.WithTitle("PerceptionStudy HTTP API").WithOpenApiRoutePattern("/api/openapi/{documentName}.json")
            .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton().HideModels().WithNonce());
        var api = routes.MapGroup("/api/v1").RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = ApiTokenAuthentication.SchemeName }).DisableAntiforgery();
        api.MapMe();
        api.MapTokens();
        api.MapPeople();
        api.MapAudit();
        return api;
    }

    /// <summary>What a token has to be good for to call this.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, TokenScopes scope) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ScopeRequirement(scope));

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "PerceptionStudy", Version = Document,
            Description = "Send a token of your account: `Authorization: Bearer TOKEN`. Lists come in pages: give the `next` of one as `after` of the next call. "
                + "What is refused is answered as problem+json, whose `detail` is a sentence that says what to do.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "Made on the page /admin/tokens." };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task SayScopeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ScopeRequirement>().LastOrDefault() is { } needed)
            operation.Description = $"{operation.Description} Needs the scope `{needed.Scope.ToString().ToLowerInvariant()}`.".Trim();
        return Task.CompletedTask;
    }
}
