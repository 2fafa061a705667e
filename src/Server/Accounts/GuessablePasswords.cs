using Microsoft.AspNetCore.Identity;

namespace PerceptionStudy.Server.Accounts;

/// <summary>
/// Refuses passwords that are guessed early, however long they are: those of the lists of leaked passwords, words and names in a row, keyboard patterns, the person's own address
/// (zxcvbn, Wheeler 2016, by its own lists: nothing is asked of another server).
/// </summary>
internal sealed class GuessablePasswords : IPasswordValidator<Researcher>
{
    // Of 0 to 4: 3 is 100 million guesses or more.
    private const int LowestScore = 3;

    public Task<IdentityResult> ValidateAsync(UserManager<Researcher> manager, Researcher user, string? password)
    {
        // Of what is too short the rule about the length speaks.
        var judged = password is { } given && given.Length >= manager.Options.Password.RequiredLength;
        var safe = !judged || Zxcvbn.Core.EvaluatePassword(password, user.Email?.Split('@', '.')).Score >= LowestScore;
        return Task.FromResult(safe ? IdentityResult.Success : IdentityResult.Failed(new IdentityError
        {
            Code = nameof(GuessablePasswords), Description = "This password is among the first that are guessed: take several words that do not belong together.",
        }));
    }
}
