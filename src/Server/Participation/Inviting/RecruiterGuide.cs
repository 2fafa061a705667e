using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Inviting;

/// <summary>Something to paste into a recruiter's form.</summary>
/// <param name="Label">What the recruiter calls the field.</param>
/// <param name="Multiline">Whether it is a piece of HTML and not a line.</param>
public sealed record Pasted(string Label, string Text, bool Multiline = false);

/// <summary>What to do at a recruiter, with the exact texts to paste.</summary>
/// <param name="Missing">What the design lacks for this recruiter, one sentence each; empty if everything is ready.</param>
public sealed record RecruiterGuide(string Recruiter, IReadOnlyList<string> Steps, IReadOnlyList<Pasted> Texts, IReadOnlyList<string> Missing)
{
    /// <summary>The recruiters whose ids are recognised.</summary>
    /// <param name="link">The participants' address of the study, without parameters.</param>
    /// <param name="design">The published design, or the draft.</param>
    public static IReadOnlyList<RecruiterGuide> All(string link, StudyDesign design) => [Prolific(link, design), CloudResearch(link, design), MTurk(link, design), Sona(link, design)];

    private static RecruiterGuide Prolific(string link, StudyDesign design)
    {
        var code = design.Ends.Completed.Code;
        return new RecruiterGuide("Prolific",
        [
            "In Prolific make a new study and choose “External study link”.",
            "Paste the study link. Choose “I'll use URL parameters” for the participant ids: the three parameters are already in it.",
            "For completion choose “Redirect participants using a URL”, and make a completion code there; write the same code into ‘Ends of the study’, Completed, here.",
            "Set ‘Places’ on the design page to the number of participants that you ask Prolific for, or a few more: a place is given back when somebody leaves.",
            "Preview the study in Prolific: the first page opens, and a preview takes no place as long as you do not press ‘I agree’.",
            "Pay by the submissions with your completion code; ‘Ids of the recruiters’ on the Participants page lists Prolific ids beside session states.",
        ],
        [
            new("Study link", $"{link}?PROLIFIC_PID={{{{%PROLIFIC_PID%}}}}&STUDY_ID={{{{%STUDY_ID%}}}}&SESSION_ID={{{{%SESSION_ID%}}}}"),
            new("Way back, for ‘Ends of the study’ here", "https://app.prolific.com/submissions/complete?cc={code}"),
            .. code is null ? Array.Empty<Pasted>() : [new Pasted("Redirect URL that participants meet", $"https://app.prolific.com/submissions/complete?cc={Uri.EscapeDataString(code)}")],
        ],
        [.. Lacks(design, "app.prolific.com", needsCode: true)]);
    }

    private static RecruiterGuide CloudResearch(string link, StudyDesign design) => new("CloudResearch Connect",
        [
            "In Connect make a project with an external study, and paste the study link. Connect adds participantId, assignmentId and projectId by itself.",
            "Choose “redirect” for completion, copy the address that Connect shows, and put it into ‘Ends of the study’, Completed, way back, here.",
            "Set ‘Places’ on the design page to the number of participants.",
        ],
        [new("Study link", link)],
        [.. Lacks(design, "cloudresearch.com", needsCode: false)]);

    private static RecruiterGuide MTurk(string link, StudyDesign design) => new("Amazon MTurk",
        [
            "Make a project of the kind “Survey Link”, and replace its HTML by the text below: it opens the study with the worker's, assignment's and HIT's id, and takes the completion code.",
            "Leave ‘Way back’ empty here: workers copy the code. Leave the code empty too, so that each worker gets one of their own, which you can check.",
            "A preview of the HIT names no assignment: the study then shows its first page without the button.",
            "Approve by ‘Ids of the recruiters’ on the Participants page, which lists worker ids beside completion codes.",
        ],
        [new("HTML of the HIT", MTurkHtml(link), Multiline: true)],
        design.Ends.Completed.ReturnPattern is null ? [] : ["‘Ends of the study’, Completed has a way back: on MTurk workers return by themselves with their code, so empty it."]);

    private static RecruiterGuide Sona(string link, StudyDesign design) => new("SONA",
        [
            "In SONA make a web study (“Online External Study”), and paste the study link as its URL.",
            "Below ‘Website’ SONA shows the client-side completion URL. Replace its XXXX by {participant}, and put it into ‘Ends of the study’, Completed, way back, here: credit is given by itself.",
            "Set ‘Places’ on the design page to the number of timeslots.",
        ],
        [new("Study URL", $"{link}?survey_code=%SURVEY_CODE%"), new("Way back, for ‘Ends of the study’ here", ReturnPattern.Known["SONA"])],
        [.. Lacks(design, "sona-systems.com", needsCode: false)]);

    private static IEnumerable<string> Lacks(StudyDesign design, string host, bool needsCode)
    {
        if (design.Ends.Completed.ReturnPattern?.Contains(host, StringComparison.OrdinalIgnoreCase) != true)
            yield return $"‘Ends of the study’, Completed has no way back to {host}: participants would have to copy a code.";
        if (needsCode && design.Ends.Completed.Code is null)
            yield return "‘Ends of the study’, Completed has no code: everybody would get one of their own, and the recruiter expects the one that it was told.";
    }

    private static string MTurkHtml(string link) =>
        $$"""
        <p>Open the study, take part, and paste the code that you get at its end.</p>
        <p><a id="study" target="_blank" rel="noopener">Open the study</a></p>
        <p><label>Code <input type="text" name="completion_code" required></label></p>
        <script>
          const here = new URLSearchParams(location.search), study = new URL("{{link}}");
          for (const name of ["workerId", "assignmentId", "hitId"]) if (here.get(name)) study.searchParams.set(name, here.get(name));
          document.getElementById("study").href = study;
        </script>
        """;
}
