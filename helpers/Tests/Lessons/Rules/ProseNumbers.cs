using System.Globalization;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GptEmbeddings.Tests;

/// <summary>
/// The numbers in the prose of notebooks, and what holds them: a cell's code or its saved outputs, in the same notebook
/// or in one that the paragraph names; there its prose too, which is held to the same. A figure that another result may
/// show by chance (0.82, 93 %) is held by its own section, or by prose above. A chart holds none: among many points one
/// fits by chance. Code in prose is no prose. A number holds another that it rounds to, with the digits that the prose
/// shows.
/// </summary>
/// <param name="notebooks">Those that prose may name.</param>
/// <param name="sourced">What others say, as it is written in prose: its numbers need nothing else.</param>
internal sealed partial class ProseNumbers(IReadOnlyList<NotebookFile> notebooks, IReadOnlyList<string> sourced)
{
    private readonly Dictionary<string, Number[]> _ofCells = [], _ofProse = [];

    /// <summary>What of the list occurs in no paragraph so far.</summary>
    public HashSet<string> Unused { get; } = [.. sourced];

    /// <summary>Gives a line for each number that nothing holds: the notebook, the cell counted from 0 with prose, the
    /// number and the text around it.</summary>
    public IEnumerable<string> NotHeld(NotebookFile notebook)
    {
        var prose = notebook.Cells.Select(cell => OfProse(cell).ToList()).ToList();
        var shown = notebook.Cells.Select(cell => OfCell(cell).ToList()).ToList();
        foreach (var (index, cell) in notebook.Cells.Index().Where(cell => cell.Item.Type == "markdown"))
        {
            var section = Section(notebook, index);
            var here = shown.Take(section).Concat(prose.Take(section.Start.Value)).SelectMany(held => held).ToList();
            var (anywhere, tests) = (OfCells(notebook), OfTests(cell.Source).ToList());
            var isExercise = cell.Source.StartsWith("## Exercises", StringComparison.Ordinal);
            var hasCode = notebook.Cells.Take(section).Any(cell => cell.Number is not null);
            foreach (var (text, naming, targets) in Paragraphs(cell.Source))
            {
                var numbers = Numbers(Reference().Replace(sourced.Aggregate(text, Without), Blank)).ToList();
                if (numbers.Count == 0) continue;
                var named = Named(notebook, isExercise ? "solution" : naming, targets)
                    .SelectMany(other => OfCells(other).Concat(OfProse(other))).Concat(tests).ToList();
                foreach (var number in numbers.Where(number => !named.Exists(number.IsHeldBy)
                    && !here.Exists(number.IsHeldBy)
                    && !((number.IsDistinct || !hasCode) && anywhere.Any(number.IsHeldBy))))
                    yield return $"{Label(notebook)} [{index}] {number.Text}: …{Around(text, number)}…";
            }
        }
    }

    // From one heading to the next.
    private static Range Section(NotebookFile notebook, int index)
    {
        var starts = notebook.Cells.Index().Where(cell => cell.Item.Type == "markdown"
            && Heading().IsMatch(cell.Item.Source)).Select(cell => cell.Index).ToList();
        var first = starts.LastOrDefault(start => start <= index);
        var end = starts.Find(start => start > index);
        return first..(end > 0 ? end : notebook.Cells.Count);
    }

    private string Without(string text, string phrase)
    {
        var pattern = $@"(?<![\w.]){Regex.Escape(phrase)}(?![\w%]|[.,]\d)";
        if (Regex.IsMatch(text, pattern)) Unused.Remove(phrase);
        return Regex.Replace(text, pattern, Blank);
    }

    private static string Blank(Match match) => new(' ', match.Length);

    private static string Label(NotebookFile notebook) =>
        $"{Path.GetFileName(Path.GetDirectoryName(notebook.FullPath))}/{notebook.Name}";

    private static string Around(string text, Number number)
    {
        var (start, end) = (Math.Max(0, number.Start - 40), Math.Min(text.Length, number.Start + 40));
        return text[start..end];
    }

    // The text of each paragraph, item or cell of a table, with what names notebooks for it and the links in that; a
    // table has the paragraph before it, too.
    private static IEnumerable<(string Text, string Naming, string[] Targets)> Paragraphs(string markdown) =>
        from block in MarkdownText.Parse(markdown).Descendants<LeafBlock>()
        where block is not CodeBlock
        let table = (block.Parent as TableCell)?.Parent?.Parent
        let place = table?.Parent?.IndexOf(table) ?? 0
        let before = place > 0 && table!.Parent![place - 1] is ParagraphBlock { Inline: { } told } ? told : null
        let text = block.Inline is { } inline ? Text(inline) : HtmlText.Of(block.Lines.ToString())
        let naming = new MarkdownObject?[] { before, table ?? (MarkdownObject?)block.Inline }.OfType<MarkdownObject>()
        select (text, before is null ? text : $"{Text(before)} {text}", naming
            .SelectMany(part => part.Descendants<LinkInline>()).Select(link => link.Url ?? "").ToArray());

    // What is said in the text of a link to elsewhere has its source there.
    private static string Text(Inline inline) => inline switch
    {
        LinkInline { Url: { } url } when url.StartsWith("https://", StringComparison.Ordinal) => " ",
        ContainerInline parts => string.Concat(parts.Select(Text)),
        LiteralInline text => text.Content.ToString(),
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        CodeInline => "`",
        LineBreakInline => " ",
        _ => "",
    };

    private IEnumerable<NotebookFile> Named(NotebookFile notebook, string text, string[] targets)
    {
        var numbers = Lessons().Matches(text).SelectMany(named => Digit().Matches(named.Value))
            .Select(number => $"{int.Parse(number.Value, CultureInfo.InvariantCulture):00}-").ToList();
        var (isSolution, asks) = (IsSolution(notebook), Solution().IsMatch(text));
        return notebooks.Where(other => other.FullPath != notebook.FullPath && (IsSolution(other)
            ? (other.Name == notebook.Name && asks)
                || targets.Any(target => target.EndsWith($"solutions/{other.Name}.ipynb", StringComparison.Ordinal))
            : (other.Name == notebook.Name && isSolution) || numbers.Exists(number => other.Name.StartsWith(
                number, StringComparison.Ordinal))
                || targets.Any(target => Path.GetFileNameWithoutExtension(target) == other.Name
                    && !target.Contains("solutions/", StringComparison.Ordinal))));
    }

    private static bool IsSolution(NotebookFile notebook) =>
        Path.GetFileName(Path.GetDirectoryName(notebook.FullPath)) == "solutions";

    // Runs that take minutes are tests, and the cell that quotes them names the class.
    private static IEnumerable<Number> OfTests(string cell) =>
        from name in TestClass().Matches(cell)
        from path in Directory.GetFiles(Path.Combine(Repository.Root, "helpers", "Tests"), $"{name.Value}.cs",
            SearchOption.AllDirectories)
        from number in Numbers(File.ReadAllText(path))
        select number;

    private Number[] OfProse(NotebookFile notebook) => Remembered(_ofProse, notebook, () =>
        notebook.Cells.SelectMany(OfProse));

    private static IEnumerable<Number> OfProse(NotebookCell cell) => cell.Type != "markdown" ? []
        : Paragraphs(cell.Source).SelectMany(paragraph => Numbers(Reference().Replace(paragraph.Text, Blank)));

    private Number[] OfCells(NotebookFile notebook) => Remembered(_ofCells, notebook, () =>
        notebook.Cells.SelectMany(OfCell));

    private static IEnumerable<Number> OfCell(NotebookCell cell) => cell.Type != "code" ? []
        : Numbers(cell.Source).Concat(cell.SavedOutputs.SelectMany(OfOutput));

    private static Number[] Remembered(
        Dictionary<string, Number[]> known, NotebookFile notebook, Func<IEnumerable<Number>> find) =>
        known.TryGetValue(notebook.FullPath, out var numbers) ? numbers
            : known[notebook.FullPath] = [.. find().DistinctBy(number => (number.Value, number.IsNegative))];

    private static IEnumerable<Number> OfOutput(CellOutput output) =>
        output.Parts.Where(part => part.Key is "text/plain" or "stdout" or "error")
            .SelectMany(part => Numbers(part.Value));

    private static IEnumerable<Number> Numbers(string text) =>
        Digits().Matches(text).Select(match => new Number(match));

    // Names of notebooks, exercises, chapters, and the years of works and months.
    [GeneratedRegex(@"\b(?:[Nn]otebooks?|[Ee]xercises?|chapter|sections?|tables?|questions?) "
        + @"\d+(?:(?:, | and | to |\.)\d+)*\b(?!,\d)"
        + @"|(?:(?<=[A-Z]\w+ )|(?<=et al\. \(?))(?:19|20)\d\d\b|^\d+\.(?= |$)")]
    private static partial Regex Reference();

    // Of a range its ends.
    [GeneratedRegex(@"\bnotebooks? \d+(?:(?:, | and | to )\d+)*\b", RegexOptions.IgnoreCase)]
    private static partial Regex Lessons();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digit();

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\b(?:solution|exercise)", RegexOptions.IgnoreCase)]
    private static partial Regex Solution();

    [GeneratedRegex(@"\b\w+Tests\b")]
    private static partial Regex TestClass();

    // Neither part of a word (GPT-2, float32, 4C) nor of a version.
    [GeneratedRegex(@"(?<![\w]|\d[.]|[A-Za-z]-)(?<sign>(?<!\d ?)[-−])?(?<whole>\d{1,3}(?:[,_]\d{3})+(?!\d)|\d+)"
        + @"(?<part>\.\d+)?(?:[eE](?<power>[-+]?\d+))?(?:[fFdDmLuU]{1,2}|st|nd|rd|th)?(?!\.?\w)"
        + @"(?<unit> ?%| percent| thousand| million| M\b| billion|(?= (?:to|and|or) \d[\d.,]* ?%))?")]
    private static partial Regex Digits();

    /// <summary>A number as it is written.</summary>
    private sealed class Number
    {
        private readonly double _unit, _scale;

        public Number(Match match)
        {
            (Text, Start) = (match.Value, match.Index);
            var part = match.Groups["part"].Value;
            var plain = match.Groups["whole"].Value.Replace(",", "").Replace("_", "") + part;
            var power = match.Groups["power"] is { Success: true, Value: var digits }
                ? int.Parse(digits, CultureInfo.InvariantCulture) : 0;
            Value = double.Parse(plain, CultureInfo.InvariantCulture) * Math.Pow(10, power);
            _unit = Math.Pow(10, power - Math.Max(0, part.Length - 1));
            IsNegative = match.Groups["sign"].Success;
            _scale = match.Groups["unit"] is not { Success: true, Value: var unit } ? 1 : unit.Trim() switch
            {
                "%" or "percent" or "" => 1e-2,
                "thousand" => 1e3,
                "million" or "M" => 1e6,
                "billion" => 1e9,
                _ => 1,
            };
        }

        public string Text { get; }

        public int Start { get; }

        public double Value { get; }

        public bool IsNegative { get; }

        /// <summary>Whether another result is hardly the same by chance: it counts something, or is told to four
        /// decimals.</summary>
        public bool IsDistinct => (_unit >= 1 && _scale == 1) || _unit < 2e-4;

        /// <summary>Whether the other one, or what it is in percent or millions, rounds to this one.</summary>
        public bool IsHeldBy(Number other) => (!IsNegative || other.IsNegative)
            && (RoundsHere(other.Value) || (_scale != 1 && RoundsHere(other.Value / _scale)));

        private bool RoundsHere(double value) => Math.Abs(value - Value) <= _unit / 2 * (1 + 1e-9);
    }
}
