using Microsoft.AspNetCore.Identity;

namespace PerceptionStudy.Server.Accounts;

/// <summary>
/// Refuses passwords that are, or are put together of, the common ones that leaks have brought to light, with the usual changes (ASVS 2.1.7): zxcvbn (Wheeler 2016) compares with its
/// lists of passwords, names and words, and with patterns of keys, dates and repetitions. Nothing leaves the server.
/// </summary>
internal sealed class GuessablePasswords : IPasswordValidator<Researcher>
{
    // "Safely unguessable" and better, of 0 to 4: more than a million seconds at ten thousand guesses a second.
    private const int LeastScore = 3;

    // The time that it takes grows with the square of the length, and what is behind so many characters makes no password worse.
    private const int MostLookedAt = 100;

    public Task<IdentityResult> ValidateAsync(UserManager<Researcher> manager, Researcher user, string? password)
    {
        var own = (user.Email ?? "").Split('@', '.', '-', '_', '+').Append("perceptionstudy").Where(part => part.Length > 2);
        var text = password ?? "";
        // One sentence is enough: what is too short is refused already.
        return Task.FromResult(text.Length < manager.Options.Password.RequiredLength || Zxcvbn.Zxcvbn.MatchPassword(text.Length > MostLookedAt ? text[..MostLookedAt] : text, own).Score >= LeastScore
            ? IdentityResult.Success
            : IdentityResult.Failed(new IdentityError { Code = "PasswordGuessable", Description = "This password is among the first that somebody would try: take a few words that have nothing to do with each other." }));
    }
}
