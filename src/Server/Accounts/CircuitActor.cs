using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace PerceptionStudy.Server.Accounts;

/// <summary>What happens on a live page is done on behalf of whoever has it open.</summary>
internal sealed class CircuitActor(AuthenticationStateProvider authentication) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async activity =>
    {
        var state = await authentication.GetAuthenticationStateAsync();
        await Actor.Of(state.User).DoAsync(() => next(activity));
    };
}
