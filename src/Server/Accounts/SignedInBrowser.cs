using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PerceptionStudy.Server.Accounts;

/// <summary>A browser in which a researcher is signed in. Its cookie names the row, and is worth nothing without it.</summary>
public sealed class SignedInBrowser
{
    public Guid Id { get; set; }
    public Guid ResearcherId { get; set; }
    public DateTimeOffset SignedInAt { get; set; }

    /// <summary>To about ten minutes.</summary>
    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>What the browser calls itself.</summary>
    public string? UserAgent { get; set; }
}

internal sealed class SignedInBrowserConfiguration : IEntityTypeConfiguration<SignedInBrowser>
{
    public void Configure(EntityTypeBuilder<SignedInBrowser> browser)
    {
        browser.Property(b => b.UserAgent).HasMaxLength(300);
        browser.HasOne<Researcher>().WithMany().HasForeignKey(b => b.ResearcherId).OnDelete(DeleteBehavior.Cascade);
    }
}
