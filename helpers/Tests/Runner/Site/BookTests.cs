using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site;
using GptEmbeddings.NotebookRunner.Site.Book;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The pages of all notebooks as a book, read as files: what is folded, linked, explained and found.</summary>
public sealed partial class BookTests(BookTests.WholeSite site) : IClassFixture<BookTests.WholeSite>
{
    private const int MostBytesOfPage = 250_000, MostBytesOfSite = 16_000_000;

    [Fact]
    public void An_answer_lies_in_the_fold_of_what_it_explains_and_nothing_else_is_folded()
    {
        foreach (var notebook in Repository.All)
        {
            var (cells, folded) = (notebook.Cells, new List<string>());
            foreach (var (index, cell) in cells.Index())
                if (cell.Number is not null && cells.Skip(index).First(next => next.Type != "code").Answers
                    && (cells[index + 1].Answers || cell.SavedOutputs.Any(output => !IsExplorer(output))))
                    folded.Add($"cell-{cell.Number}");
                else if (cell.Answers && cells[index - 1].Type == "markdown" && !cells[index - 1].Answers)
                    folded.Add("");
            var solution = Repository.Solutions.Contains(notebook) ? "solutions/" : "";
            var page = site.Page($"{solution}{notebook.Name}.html");
            var folds = page.QuerySelectorAll("details.answer");
            Assert.Equal(folded, folds.Select(fold => fold.ParentElement!.Id ?? ""));
            Assert.All(folds, fold => Assert.False(fold.HasAttribute("open")));
            Assert.Equal(cells.Count(cell => cell.Answers), page.QuerySelectorAll(".answer .prose").Length);
            Assert.Empty(page.QuerySelectorAll("details [data-explore]"));
            foreach (var cell in notebook.CodeCells)
                Assert.Equal(cell.SavedOutputs.Count, page.QuerySelectorAll($"#cell-{cell.Number} .output").Length);
        }
    }

    private static bool IsExplorer(CellOutput output) => output.Drawings.Any(drawing => drawing.IsExplorer);

    [Fact]
    public void The_map_leads_to_every_lesson_on_the_road_or_beside_it_and_says_how_long_it_takes()
    {
        var index = site.Page("index.html");
        var stops = index.QuerySelectorAll(".map a");
        Assert.Equal(Repository.Lessons.Select(lesson => $"{lesson.Name}.html"),
            stops.Select(stop => stop.GetAttribute("href")));
        Assert.Equal(
            Repository.Lessons.Select(lesson => $"{Math.Round(ReadingTime.Minutes(lesson))} min"),
            stops.Select(stop => stop.QuerySelector("small")!.TextContent));
        Assert.All(index.QuerySelectorAll(".road .stop"), stop => Assert.InRange(int.Parse(
            stop.TextContent, CultureInfo.InvariantCulture), 1, 6));
        Assert.All(index.QuerySelectorAll(".side .stop"), stop => Assert.InRange(int.Parse(
            stop.TextContent, CultureInfo.InvariantCulture), 7, 10));
    }

    [Fact]
    public void A_notebook_that_prose_names_by_its_number_is_a_link_to_its_page()
    {
        var links = 0;
        foreach (var address in site.Pages)
        {
            var page = site.Page(address);
            foreach (var text in RunningText(page)) Assert.DoesNotMatch(NotebookNumber(), text.Data);
            foreach (var link in page.QuerySelectorAll(".prose a").OfType<IHtmlAnchorElement>())
                if (NotebookNumber().Match(link.TextContent) is { Success: true } named)
                {
                    links++;
                    var number = named.Groups[1].Value.PadLeft(2, '0');
                    Assert.Matches($"^(\\.\\./)?{number}-[^/]*\\.html", link.GetAttribute("href"));
                }
        }

        Assert.True(links > 40, $"{links} links only.");
    }

    [Fact]
    public void The_first_use_of_a_term_in_a_section_is_explained_in_the_words_of_the_glossary()
    {
        var readme = Readme.Of(Repository.Root);
        Assert.True(readme.Glossary.Terms.Count > 15);
        var meanings = readme.Glossary.Terms.ToDictionary(term => term.Anchor, term => term.Meaning);
        Assert.Equal(meanings.Keys, site.Page("glossary.html").QuerySelectorAll("dt").Select(term => term.Id!));
        var used = new HashSet<string>();
        foreach (var address in site.Pages)
        {
            var seen = new HashSet<string>();
            foreach (var element in site.Page(address).QuerySelectorAll(".prose h1, .prose h2, .prose .term"))
            {
                if (!element.ClassList.Contains("term"))
                {
                    seen.Clear();
                    continue;
                }

                var anchor = element.GetAttribute("href")!.Split('#')[1];
                Assert.True(seen.Add(anchor), $"{anchor} twice in a section of {address}");
                Assert.Equal(meanings[anchor], element.GetAttribute("data-meaning"));
                Assert.Null(element.ParentElement!.Closest("a, code, pre, h1, h2, h3, h4, summary"));
                used.Add(anchor);
            }
        }

        Assert.Equal(meanings.Keys.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_index_asks_the_questions_of_the_readme()
    {
        var readme = Readme.Of(Repository.Root);
        var questions = Repository.Lessons.Select(lesson => readme.Question(lesson.FullPath));
        Assert.All(questions, question => Assert.EndsWith("?", question, StringComparison.Ordinal));
        Assert.Equal(questions, site.Page("index.html").QuerySelectorAll(".text > p:not(.solution)")
            .Select(question => question.TextContent));
    }

    [Fact]
    public void Every_section_is_found_by_all_of_its_words()
    {
        var script = File.ReadAllText(site.PathOf("search-index.js"));
        using var index = JsonDocument.Parse(script[(script.IndexOf('=') + 1)..].TrimEnd('\n', ';'));
        var found = index.RootElement.EnumerateArray().ToDictionary(page => page[0].GetString()!, page => page[2]);
        Assert.Equal(site.Pages.Where(page => page != "index.html"), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (address, sections) in found.Where(page => page.Key != "glossary.html"))
        {
            var page = site.Page(address);
            Assert.Equal(
                page.QuerySelectorAll(".prose > :is(h1, h2, h3)").Select(heading => heading.Id),
                sections.EnumerateArray().Select(section => section[0].GetString()));
            var words = Words(string.Join(' ', sections.EnumerateArray()
                .Select(section => $"{section[1].GetString()} {section[2].GetString()}"))).ToHashSet();
            Assert.ProperSuperset(Words(page.QuerySelector(".prose p")!.TextContent).ToHashSet(), words);
            foreach (var text in RunningText(page)) Assert.Superset(Words(text.Data).ToHashSet(), words);
        }
    }

    [Fact]
    public void Every_page_links_its_notebook_and_says_how_to_run_it()
    {
        foreach (var notebook in Repository.Lessons.Concat(Repository.Solutions))
        {
            var folder = Repository.Solutions.Contains(notebook) ? "notebooks/solutions" : "notebooks";
            var name = Path.GetFileName(notebook.FullPath);
            var address = Path.Combine(folder == "notebooks" ? "" : "solutions", name);
            var run = site.Page(Path.ChangeExtension(address, ".html")).QuerySelector(".run")!;
            Assert.Equal(name, run.QuerySelector("a")!.GetAttribute("href"));
            Assert.Contains($"helpers/NotebookRunner {folder}/{name}", run.TextContent, StringComparison.Ordinal);
            Assert.Equal(File.ReadAllBytes(notebook.FullPath), File.ReadAllBytes(site.PathOf(address)));
        }
    }

    [Fact]
    public void Pages_and_site_stay_within_their_budget_and_hold_no_picture_themselves()
    {
        foreach (var address in site.Pages)
        {
            var length = new FileInfo(site.PathOf(address)).Length;
            Assert.True(length < MostBytesOfPage, $"{address}: {length} bytes");
            Assert.DoesNotContain("data:image", File.ReadAllText(site.PathOf(address)), StringComparison.Ordinal);
        }

        Assert.InRange(Directory.GetFiles(site.PathOf(""), "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length), 5_000_000, MostBytesOfSite);
    }

    [Fact]
    public void A_chart_has_its_picture_as_a_file_and_names_no_network()
    {
        var charts = site.Pages.SelectMany(page => site.Page(page).QuerySelectorAll("[data-chart]")
            .Select(chart => (Folder: Path.GetDirectoryName(page)!, Chart: chart))).ToList();
        Assert.True(charts.Count > 30);
        foreach (var (folder, chart) in charts)
        {
            var picture = chart.QuerySelector("img")!;
            Assert.True(File.Exists(site.PathOf(Path.Combine(folder, picture.GetAttribute("src")!))));
            Assert.NotEmpty(picture.GetAttribute("alt")!);
            Assert.DoesNotContain("http", chart.QuerySelector("p")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_tinted_tensor_says_which_number_has_the_fullest_tint()
    {
        var tensors = site.Pages.Where(page => page != "index.html").SelectMany(page => site.Page(page)
            .QuerySelectorAll(".output pre:has(> span[style*='background:rgba'])")).ToList();
        Assert.True(tensors.Count > 40, $"{tensors.Count} tensors only.");
        foreach (var tensor in tensors)
        {
            var largest = tensor.QuerySelectorAll("span[title]").Select(number =>
                Math.Abs(double.TryParse(number.TextContent, CultureInfo.InvariantCulture, out var value) ? value : 0))
                .Where(double.IsFinite).Max();
            var scale = tensor.PreviousElementSibling!.QuerySelector(".scale")!.TextContent;
            Assert.Equal(largest, double.Parse(scale[1..], CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<IText> RunningText(IDocument page) =>
        page.QuerySelectorAll(".prose").SelectMany(prose => prose.Descendants<IText>())
            .Where(text => text.ParentElement!.Closest("a, code, h1, h2, h3, h4, details") is null);

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(word => word.Value);

    [GeneratedRegex(@"\b[Nn]otebooks? (\d+)")]
    private static partial Regex NotebookNumber();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    /// <summary>The site of all notebooks as they are saved.</summary>
    public sealed class WholeSite : IDisposable
    {
        private readonly NotebookFolder _folder = new();
        private readonly Dictionary<string, IDocument> _pages = [];

        public WholeSite() => SiteWriter.Write(
            [.. Repository.Lessons.Concat(Repository.Solutions).Select(saved => new NotebookRun(saved,
                [.. saved.CodeCells.Select(cell => new CellRun(cell, cell.SavedOutputs, TimeSpan.Zero))],
                TimeSpan.Zero))],
            new(_folder.FullPath));

        /// <summary>The addresses of all pages.</summary>
        public IReadOnlyList<string> Pages =>
        [
            .. Directory.GetFiles(_folder.FullPath, "*.html", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_folder.FullPath, file).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

        public string PathOf(string address) => _folder.PathOf(address);

        /// <summary>Gives a page as a browser without scripts understands it.</summary>
        public IDocument Page(string address)
        {
            if (!_pages.TryGetValue(address, out var page))
                _pages[address] = page = new HtmlParser().ParseDocument(File.ReadAllText(PathOf(address)));
            return page;
        }

        public void Dispose()
        {
            foreach (var page in _pages.Values) page.Dispose();
            _folder.Dispose();
        }
    }
}
