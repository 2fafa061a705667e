using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace PerceptionStudy.Server.Admin;

/// <summary>
/// A message without MudBlazor's animation of it, which would be a style element without the page's nonce: the content security policy stops that. The library (9.12) has no
/// setting that leaves the element out, so its private field is emptied; a test that shows a message notices if a later version names it otherwise.
/// </summary>
public sealed class StillMessage : MudSnackbarElement
{
    protected override void OnInitialized()
    {
        base.OnInitialized();
        Animation(this) = null;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_css")]
    private static extern ref RenderFragment? Animation(MudSnackbarElement message);
}
