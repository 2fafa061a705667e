using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// Makes a study out of somebody else's replication bundle: the same freeze with the same SHA-256 as version 1, the same stimuli byte for byte, ready to be opened.
/// A model that is registered here with the same hash is used as it is; of others only name, stages and answers come, for their files are not in the bundle: each can be given later.
/// </summary>
public sealed class StudyReplication(IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data, SynthesisHosts hosts, TimeProvider time)
{
    /// <param name="bundle">The zip; has to be seekable.</param>
    /// <param name="told">Called with the number of stimuli taken in, and of how many.</param>
    /// <exception cref="RefusedException">It is no bundle, or damaged; nothing was changed then.</exception>
    public async Task<Study> ImportAsync(Stream bundle, Action<int, int>? told = null, CancellationToken cancel = default)
    {
        using var zip = Open(bundle);
        var files = new BundleFiles(zip);
        var (freeze, freezeJson, material) = await files.ReadAsync(cancel);
        if (freeze.Stimuli.Any(s => material.Stimuli.All(m => m.Id != s.Id || m.Sha256 != s.Sha256))) throw new RefusedException("The bundle lacks stimuli that its study shows: ask for it again.");
        await TakeFilesAsync(files, material.Stimuli.Where(s => freeze.Stimuli.Any(f => f.Sha256 == s.Sha256)).DistinctBy(s => s.Sha256).ToArray(), told, cancel);

        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var ids = await BundleModels.AddAsync(db, material.Models, time.GetUtcNow(), cancel);
        await AddStimuliAsync(db, material, ids, cancel);
        await AddAnswersAsync(db, material, ids, cancel);
        var design = ids.In(freeze.Design);
        var study = new Study
        {
            Id = Guid.CreateVersion7(), Name = design.Title, LinkKey = StudyPublisher.NewLinkKey(), State = StudyState.Paused, DraftJson = "", CreatedAt = time.GetUtcNow(),
            Draft = design with { Metamers = [] },
        };
        var json = CanonicalJson.Of(design);
        // What was frozen stays as it was, also where a model has another id here.
        study.Versions.Add(new StudyVersion
        {
            Id = Guid.CreateVersion7(), StudyId = study.Id, Number = 1, Seed = freeze.Seed, PublishedAt = time.GetUtcNow(),
            DesignJson = json, DesignSha256 = CanonicalJson.Sha256(json), FreezeJson = freezeJson, FreezeSha256 = CanonicalJson.Sha256(freezeJson),
        });
        db.Studies.Add(study);
        StudyMembers.AddOwner(db, study);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return study;
    }

    // Only the synthesis host opens a stranger's picture or sound. What it can read is kept as it came: its hash is part of the study. All are looked at before
    // the first is kept, so that a bad bundle leaves nothing behind.
    private async Task TakeFilesAsync(BundleFiles files, Stimulus[] stimuli, Action<int, int>? told, CancellationToken cancel)
    {
        var missing = new List<Stimulus>();
        foreach (var stimulus in stimuli)
        {
            if (!await blobs.ExistsAsync(stimulus.Sha256, cancel)) missing.Add(stimulus);
        }
        var folder = Directory.CreateDirectory(data.NewTemporaryPath());
        try
        {
            var read = Path.Combine(folder.FullName, "read.png");
            for (var i = 0; i < missing.Count; i++)
            {
                var file = Path.Combine(folder.FullName, missing[i].Sha256);
                await files.ExtractAsync(missing[i].Sha256, file, cancel);
                if (MediumWords.MediumOf(missing[i].MediaType) == StimulusMedium.Sound) await hosts.ForPeople.CallAsync<PreparedSound>(new ReadSound(file), cancel: cancel);
                else await hosts.ForPeople.CallAsync<PreparedPicture>(new PreparePicture(file, read, null, null), cancel: cancel);
                told?.Invoke(i + 1, missing.Count);
            }
            foreach (var stimulus in missing) await blobs.StoreFileAsync(Path.Combine(folder.FullName, stimulus.Sha256), cancel);
        }
        catch (SynthesisException problem)
        {
            throw new RefusedException("A stimulus of the bundle is no picture or sound that can be read, so nothing was imported.", problem);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task AddStimuliAsync(StudyDb db, BundleMaterial material, BundleIds ids, CancellationToken cancel)
    {
        var wanted = material.Stimuli.Select(s => s.Id).ToArray();
        var there = await db.Stimuli.Where(s => wanted.Contains(s.Id)).Select(s => new { s.Id, s.Sha256 }).ToDictionaryAsync(s => s.Id, s => s.Sha256, cancel);
        if (material.Stimuli.FirstOrDefault(s => there.TryGetValue(s.Id, out var known) && known != s.Sha256) is { } other)
            throw new RefusedException($"The stimulus '{other.Name}' is here already with another content: the bundle was changed.");
        var fresh = material.Stimuli.Where(s => !there.ContainsKey(s.Id)).ToList();

        var sets = material.Sets.Select(s => s.Id).ToArray();
        var known = await db.StimulusSets.Where(s => sets.Contains(s.Id)).Select(s => s.Id).ToListAsync(cancel);
        foreach (var set in material.Sets.Where(s => !known.Contains(s.Id) && fresh.Any(f => f.SetId == s.Id)))
        {
            set.Name = await FreeName.OfAsync(set.Name, name => db.StimulusSets.AnyAsync(s => s.Name == name, cancel));
            db.StimulusSets.Add(set);
        }
        // Natural ones first: metamers name them.
        foreach (var natural in new[] { true, false })
        {
            db.Stimuli.AddRange(fresh.Where(s => s.Metamer is null == natural).Select(s => Placed(s, ids)));
            await db.SaveChangesAsync(cancel);
        }
    }

    private static Stimulus Placed(Stimulus stimulus, BundleIds ids)
    {
        if (stimulus.Metamer is { } metamer) (metamer.ModelId, metamer.StageId) = (ids.Model(metamer.ModelId), ids.Stage(metamer.StageId));
        return stimulus;
    }

    private static async Task AddAnswersAsync(StudyDb db, BundleMaterial material, BundleIds ids, CancellationToken cancel)
    {
        foreach (var answers in material.Answers.GroupBy(a => ids.Model(a.ModelId)))
        {
            var there = (await db.ModelAnswers.Where(a => a.ModelId == answers.Key).Select(a => a.StimulusId).ToListAsync(cancel)).ToHashSet();
            foreach (var answer in answers.Where(a => !there.Contains(a.StimulusId)))
            {
                answer.ModelId = answers.Key;
                db.ModelAnswers.Add(answer);
            }
        }
        await db.SaveChangesAsync(cancel);
    }

    private static ZipArchive Open(Stream bundle)
    {
        try
        {
            return new ZipArchive(bundle, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException problem)
        {
            throw new RefusedException("This file is no zip: choose the replication bundle as it was downloaded.", problem);
        }
    }
}
