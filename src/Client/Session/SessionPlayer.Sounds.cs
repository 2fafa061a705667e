using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Client.Session;

/// <summary>What a study of sounds asks for besides: headphones, a volume, and a browser that plays.</summary>
public sealed partial class SessionPlayer
{
    private bool levelAdjusted;

    /// <summary>Volume and headphone check; who does not pass the check has no more to do.</summary>
    private async Task PrepareSoundAsync(SoundPlan sound)
    {
        await sounds.OpenAsync(sound);
        if (sound.AdjustLevel && !levelAdjusted) await ShowAndWaitAsync(Screen.Level);
        levelAdjusted = true;
        if (left || sound.HeadphoneCheck is null) return;
        await ShowAndWaitAsync(Screen.Headphones);
        if (left) return;
        await SendRestAsync();
        await RenewPlanAsync();
        left = !IsRunning;
    }

    /// <summary>Returns when the browser plays; until then the page asks for the press of a button.</summary>
    private async Task TurnSoundOnAsync()
    {
        while (!left && !await sounds.StartAsync()) await ShowAndWaitAsync(Screen.SoundOff);
    }

    private async Task AnswerHeadphonesAsync(HeadphoneAnswers answers)
    {
        // On the disk before the screen changes, as every answer.
        await outbox.AddAsync(answers);
        next?.TrySetResult();
    }
}
