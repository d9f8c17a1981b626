using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using GptEmbeddings.NotebookRunner;
using GptEmbeddings.NotebookRunner.Execution;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Site;
using GptEmbeddings.NotebookRunner.Site.Book;
using GptEmbeddings.NotebookRunner.Site.Texts;
using TorchSharp;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The pages as files; how they look and behave, <see cref="SiteBrowserTests"/> checks.</summary>
[Collection<WholeProcess>]
public sealed partial class SiteTests : IDisposable
{
    private static readonly string _chart = Charts.Lines([("loss", new[] { 1.0, 2.0 })]).ToHtml();

    private readonly NotebookFolder _folder = new();

    public SiteTests() => TorchRuntime.Load();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_writes_a_page_for_each_notebook_and_an_index_in_reading_order()
    {
        Directory.CreateDirectory(_folder.PathOf("solutions"));
        Write("01-a.ipynb", "# First\n\nIt *begins* here. More.\n\nNext: [second](02-b.ipynb#an-end).", "1");
        Write("02-b.ipynb", "# Second\n\n## An end", "2");
        Write("solutions/01-a.ipynb", "# Solved\n\nTo [first](../01-a.ipynb).", "3");
        var result = await NotebookFolder.Run("--site", Site, _folder.FullPath, _folder.PathOf("solutions"));
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.EndsWith($"pages: {Path.Combine(Site, "index.html")}\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            [
                ".gpt-embeddings-site", "01-a.html", "01-a.ipynb", "02-b.html", "02-b.ipynb", "index.html",
                "search-index.js", "search.js", "site.css", "site.js", "solutions/01-a.html", "solutions/01-a.ipynb",
                "terms.js", "theme.js",
            ],
            Files());
        Assert.Equal("01-a.html 02-b.html 01-a.html solutions/01-a.html 02-b.html", Links("index.html"));
        Assert.Contains("<p>It begins here.</p>", Page("index.html"), StringComparison.Ordinal);
        Assert.Equal("01-a.ipynb #first 02-b.html#an-end solutions/01-a.html 02-b.html", Links("01-a.html"));
        Assert.Equal("01-a.ipynb #solved ../01-a.html ../01-a.html ../02-b.html", Links("solutions/01-a.html"));
    }

    [Fact]
    public async Task Check_and_save_write_no_pages()
    {
        var path = _folder.Write("a.ipynb", "1");
        Assert.Equal(Runner.WrongRequest, (await NotebookFolder.Run("save", "--site", Site, path)).ExitCode);
        await NotebookFolder.Run("save", path);
        await NotebookFolder.Run("check", path);
        Assert.Equal(["a.ipynb"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_run_of_some_notebooks_leaves_the_pages_of_all_alone()
    {
        var before = Stamp();
        await NotebookFolder.Run(_folder.Write("a.ipynb", "1"));
        Assert.Equal(before, Stamp());

        static DateTime Stamp() => Directory.GetLastWriteTimeUtc(Path.Combine(Repository.Root, "artifacts", "site"));
    }

    [Fact]
    public async Task A_notebook_that_failed_has_a_page_that_shows_where()
    {
        var path = _folder.Write("a.ipynb", "\"fine\"", "throw new Exception(\"<oops>\");", "\"never\"");
        Assert.Equal(Runner.Failed, (await NotebookFolder.Run("--site", Site, path)).ExitCode);
        var page = Page("a.html");
        Assert.Contains("<pre>fine</pre>", page, StringComparison.Ordinal);
        Assert.Contains("System.Exception: &lt;oops&gt;\nat line 1 of the cell", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "class=\"not-run\""));
    }

    [Fact]
    public async Task The_same_run_gives_the_same_bytes()
    {
        Write("a.ipynb", "# Same\n\n| a |\n|---|\n| b |", "Enumerable.Range(0, 3)");
        await NotebookFolder.Run("--site", Site, _folder.FullPath);
        var first = Files().Select(name => File.ReadAllText(Path.Combine(Site, name))).ToList();
        await NotebookFolder.Run("--site", Site, _folder.FullPath);
        Assert.Equal(first, Files().Select(name => File.ReadAllText(Path.Combine(Site, name))));
    }

    [Fact]
    public void Plotly_lies_beside_the_pages_only_if_there_is_a_chart_and_has_the_version_that_charts_ask_for()
    {
        Build(_folder.Write("a.ipynb", "1"), Output("text/html", "<b>no chart</b>"));
        Assert.DoesNotContain(Files(), name => name.StartsWith("plotly", StringComparison.Ordinal));

        Build(_folder.Write("a.ipynb", "1"), Output("text/html", _chart));
        var plotly = Assert.Single(Files(), name => name.StartsWith("plotly", StringComparison.Ordinal));
        Assert.Contains($"<script defer src=\"{plotly}\">", Page("a.html"), StringComparison.Ordinal);
        Assert.DoesNotContain("plotly", Page("index.html"), StringComparison.Ordinal);
        Assert.InRange(Directory.GetFiles(Site, "*", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length), 1_000_000, 10_000_000);
        Assert.StartsWith("/**\n* plotly.js v", File.ReadAllText(Path.Combine(Site, plotly)), StringComparison.Ordinal);
        Assert.Contains($"https://cdn.plot.ly/{plotly}", _chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_are_shown_in_their_richest_format()
    {
        Build(
            _folder.Write("a.ipynb", "1", "2", "3", "4"),
            Output("text/html", "<i>as it is</i>", "text/plain", "plain"),
            Output("image/png", "aGVsbG8=\n", "text/plain", "a \"picture\""),
            Output("text/plain", "<plain>"),
            CellOutput.Stream("stderr", "<oh>  1"));
        var page = Page("a.html");
        Assert.Contains("<div class=\"output flows\"><pre>&lt;plain&gt;</pre>", page, StringComparison.Ordinal);
        Assert.Contains("<div class=\"output\"><i>as it is</i></div>", page, StringComparison.Ordinal);
        Assert.Contains("<img src=\"pictures/2cf24dba5fb0a30e.png\" alt=\"a &quot;picture&quot;\">", page,
            StringComparison.Ordinal);
        Assert.Equal("hello", Page("pictures/2cf24dba5fb0a30e.png"));
        Assert.Contains("<pre>&lt;plain&gt;</pre>", page, StringComparison.Ordinal);
        Assert.Contains("<div class=\"output\"><pre class=\"stderr\">&lt;oh&gt;  1</pre>", page,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_and_files_that_prose_links_to_are_copied_and_dead_links_become_text()
    {
        Directory.CreateDirectory(_folder.PathOf("lessons"));
        Directory.CreateDirectory(_folder.PathOf("lessons/images"));
        _folder.WriteText("lessons/images/a b.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        _folder.WriteText("outside.txt", "text");
        var notebook = Write("lessons/a.ipynb",
            "# A\n\n![a view](<images/a b.svg>) [text](../outside.txt) [gone](nowhere.md) [other](other.ipynb) "
            + "[far](https://example.org/) [bad](javascript:alert)",
            "1");
        Build(notebook, Output("text/plain", "1"));
        Assert.Equal("a.ipynb #a https://example.org/", Links("a.html"));
        Assert.Contains("<img src=\"images/a%20b.svg\" alt=\"a view\"", Page("a.html"), StringComparison.Ordinal);
        Assert.Contains("text gone other", Page("a.html"), StringComparison.Ordinal);
        Assert.Contains("images/a b.svg", Files());
        Assert.Contains("<div class=\"picture\"><img src=\"images/a%20b.svg\" alt=\"a view\"></div>",
            Page("index.html"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_a_cell_holds_and_raw_cells_are_shown()
    {
        var attached = NotebookFolder.Cell(
            "# A\n\n![seen](attachment:a%20b.png) ![](attachment:gone.png) <img src=\"attachment:a b.png\" width=9>",
            "markdown");
        attached["attachments"] = Attachments("a b.png", "image/png", "aGVsbG8=");
        var raw = NotebookFolder.Cell("<b>raw</b>\nx", "raw");
        raw["attachments"] = Attachments("p.svg", "image/svg+xml", "<svg/>");
        Build(_folder.WriteJson("a.ipynb", NotebookFolder.Json(attached, raw, NotebookFolder.Cell("1"))),
            Output("image/jpeg", "aGVsbG8=", "text/plain", "1"));
        var page = Page("a.html");
        const string picture = "src=\"pictures/2cf24dba5fb0a30e";
        Assert.Contains($"<img {picture}.png\" alt=\"seen\"", page, StringComparison.Ordinal);
        Assert.Contains($"<img {picture}.png\" width=\"9\"", page, StringComparison.Ordinal);
        Assert.Contains($"<img {picture}.jpg\" alt=\"1\"", page, StringComparison.Ordinal);
        Assert.Contains("attachment:gone.png", page, StringComparison.Ordinal);
        Assert.Contains("<small>Raw</small>\n<pre>&lt;b&gt;raw&lt;/b&gt;\nx</pre>\n<img src=\"pictures/", page,
            StringComparison.Ordinal);
        Assert.Equal("hello", Page("pictures/2cf24dba5fb0a30e.png"));
        Assert.Contains("raw</b> x", Page("search-index.js"), StringComparison.Ordinal);
    }

    [Fact]
    public void Prose_tagged_as_an_answer_is_folded_with_what_the_cells_above_it_show_and_explorers_stay_open()
    {
        var explorer = Explore.Order(["a"], torch.ones(1, 1), torch.eye(1), torch.eye(1), torch.eye(1)).ToHtml();
        JsonObject[] cells =
        [
            NotebookFolder.Cell("1"), NotebookFolder.Cell("Ask.", "markdown"), NotebookFolder.Cell("2"),
            NotebookFolder.Cell("3"), NotebookFolder.Cell("Told.", "markdown", "answer"),
            NotebookFolder.Cell("More.", "markdown", "answer"), NotebookFolder.Cell("Open.", "markdown"),
            NotebookFolder.Cell("Thought.", "markdown", "answer"), NotebookFolder.Cell("4"),
            NotebookFolder.Cell("Last.", "markdown", "answer"),
        ];
        Build(_folder.WriteJson("a.ipynb", NotebookFolder.Json(cells)), Output("text/plain", "one"),
            Output("text/plain", "two"), Output("text/plain", "three"), Output("text/html", explorer));
        using var page = new HtmlParser().ParseDocument(Page("a.html"));
        Assert.Equal(
            ["two", "three Told. More.", "Thought.", "Last."],
            page.QuerySelectorAll("details.answer").Select(fold => string.Join(' ', fold.Children.Skip(1)
                .Select(part => part.TextContent.Trim()))));
        Assert.All(page.QuerySelectorAll("details.answer"), fold => Assert.False(fold.HasAttribute("open")));
        Assert.Equal("cell-4", page.QuerySelector("[data-explore]")!.ParentElement!.ParentElement!.Id);
        Assert.Equal(["Ask.", "Open."],
            page.QuerySelectorAll("main > .prose").Select(prose => prose.TextContent.Trim()));
    }

    /// <summary>98 words, a picture, an explorer, three code cells, one with a chart; the exercises apart.</summary>
    [Fact]
    public void Minutes_of_reading_are_those_of_words_pictures_explorers_and_code()
    {
        var words = $"# A\n\n{string.Join(' ', Enumerable.Repeat("word", 97))} ![one two](a.svg)";
        string[] drawn = [_chart, Explore.Order(
            ["a"], torch.ones(1, 1), torch.eye(1), torch.eye(1), torch.eye(1)).ToHtml()];
        var path = _folder.WriteJson("a.ipynb", NotebookFolder.Json(
            NotebookFolder.Cell(words, "markdown"), NotebookFolder.Cell("1"), NotebookFolder.Cell("2"),
            NotebookFolder.Cell("3"), NotebookFolder.Cell("## Exercises\n\nmany more words", "markdown"),
            NotebookFolder.Cell("4")));
        var notebook = NotebookFile.Load(path, path);
        foreach (var (cell, html) in notebook.CodeCells.Zip(drawn)) cell.SetOutputs([Output("text/html", html)]);
        Assert.Equal(98 / 200.0 + 3 * 0.4 + 0.5 + 1, ReadingTime.Minutes(notebook), 1e-9);
    }

    [Fact]
    public void Printed_text_is_shown_as_a_terminal_shows_it()
    {
        Build(
            _folder.Write("a.ipynb", "1", "2", "3"),
            CellOutput.Stream("stdout", "\r 10 %\r100 %\n\e[32mok\e[0m <b>"),
            Output("text/plain", "a\bb"),
            Output("text/html", "<i>\e[1mi\e[0m\a</i>"));
        var page = Page("a.html");
        Assert.Contains("<pre class=\"stdout\">100 %\n<span class=\"ink-2\">ok</span> &lt;b&gt;</pre>", page,
            StringComparison.Ordinal);
        Assert.Contains("<pre>b</pre>", page, StringComparison.Ordinal);
        Assert.Contains("<i>i</i>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_signs_of_addresses_lead_to_what_they_name()
    {
        const string odd = "50%25 #1?a:b";
        Directory.CreateDirectory(_folder.PathOf($"{odd} folder"));
        _folder.WriteText($"{odd} folder/{odd}.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        var escaped = Uri.EscapeDataString(odd);
        var path = Write($"{odd} folder/{odd}.ipynb",
            $"# A\n\n![p]({escaped}.svg) [self]({escaped}.ipynb#a) [literal](<c#1.ipynb>) [part](<b.ipynb#b>)", "1");
        NotebookRun[] runs = [.. new[] { path, Write($"{odd} folder/c#1.ipynb", "# C", "1"),
            Write($"{odd} folder/b.ipynb", "# B", "1"), Write("z.ipynb", "# Z", "1") }.Select(Run)];
        SiteWriter.Write(runs, new(Site));
        var folder = $"{Uri.EscapeDataString($"{odd} folder")}/";
        Assert.Contains($"\"{folder}{escaped}.html\"", Page("search-index.js"), StringComparison.Ordinal);
        Assert.Contains($"src=\"{folder}{escaped}.svg\"", Page("index.html"), StringComparison.Ordinal);
        var page = Page($"{odd} folder/{odd}.html");
        foreach (var link in new[] { $"src=\"{escaped}.svg\"", $"href=\"{escaped}.html#a\"", "href=\"c%231.html\"",
            "href=\"b.html#b\"", $"href=\"{escaped}.ipynb\" download" })
            Assert.Contains(link, page, StringComparison.Ordinal);
        Assert.All(
            Hrefs().Matches(page + Page("index.html")).Select(link => link.Groups[1].Value), link => Assert.True(
                link.StartsWith('#') || new[] { "", $"{odd} folder" }.Any(from => File.Exists(
                    Path.Combine(Site, from, Uri.UnescapeDataString(link.Split('#')[0])))), link));

        static NotebookRun Run(string path)
        {
            var notebook = NotebookFile.Load(path, path);
            return new(notebook, [new CellRun(notebook.CodeCells.Single(), [], TimeSpan.Zero)], TimeSpan.Zero);
        }
    }

    [Fact]
    public void Equal_headings_have_anchors_of_their_own()
    {
        Build(Write("a.ipynb", "# A & B\n## Try it!\n## Try it!\n## 漢", "1"), Output("text/plain", "1"));
        Assert.Equal("a.ipynb #a--b #try-it #try-it-1 #漢", Links("a.html"));
        Assert.Contains("<title>A &amp; B</title>", Page("a.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_notebook_has_a_page_and_a_copy_whatever_it_is_called()
    {
        string[] names =
            ["index.ipynb", "index.json", "index-notebook.ipynb", "glossary.ipynb", "a.html.ipynb", "a.ipynb"];
        foreach (var name in names) Write(name, $"# {name}", "1");
        var paths = names.Select(_folder.PathOf).ToArray();
        var result = await NotebookFolder.Run(["run", "--quiet", "--site", Site, .. paths]);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        var pages = Links("index.html").Split(' ');
        Assert.Equal(names.Length, pages.Distinct().Count());
        Assert.Equal(names, pages.Select(page => Title().Match(Page(page)).Groups[1].Value));
        foreach (var name in names) Assert.Equal(File.ReadAllText(_folder.PathOf(name)), Page(name));
    }

    [Fact]
    public async Task A_file_named_as_a_folder_or_a_file_of_the_site_is_copied_beside_it()
    {
        string[] names = ["files", "pictures", "data", "index.html", "site.css", "theme.js", "SITE.JS"];
        foreach (var name in names) _folder.WriteText(name, $"of the notebook: {name}");
        var path = Write("a.ipynb", string.Join(' ', names.Select(name => $"[to {name}]({name})")), "1");
        for (var run = 0; run < 2; run++)
        {
            var result = await NotebookFolder.Run("--site", Site, path);
            Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        }

        var links = Links("a.html").Split(' ')[1..];
        Assert.Equal(names.Select(name => $"of the notebook: {name}"), links.Select(Page));
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_refused_before_anything_runs()
    {
        Directory.CreateDirectory(Site);
        File.WriteAllText(Path.Combine(Site, "diary.txt"), "mine");
        var notebook = _folder.Write("a.ipynb", "System.IO.File.WriteAllText(\"ran\", \"\");");
        var result = await NotebookFolder.Run("--site", Site, notebook);
        Assert.Equal(Runner.WrongRequest, result.ExitCode);
        Assert.Contains("holds something else than pages", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["diary.txt"], Files());
        Assert.False(File.Exists(_folder.PathOf("ran")));
        Assert.Equal(Runner.WrongRequest,
            (await NotebookFolder.Run("--site", Path.Combine(Site, "diary.txt"), _folder.PathOf("a.ipynb"))).ExitCode);
    }

    [Fact]
    public void Writing_that_fails_leaves_the_old_pages_and_nothing_else()
    {
        var (folder, old, full, @new) = (new SiteFolder(Site), new SiteFiles(), new SiteFiles(), new SiteFiles());
        old.Add(["old"], path => File.WriteAllText(path, ""));
        folder.Replace(old);
        full.Add(["old"], _ => throw new IOException("full"));
        Assert.Throws<IOException>(() => folder.Replace(full));
        Assert.Equal([".gpt-embeddings-site", "old"], Files());
        @new.Add(["new"], path => File.WriteAllText(path, ""));
        new SiteFolder(Site).Replace(@new);
        Assert.Equal([".gpt-embeddings-site", "new"], Files());
        Assert.Equal(["site"], Directory.GetFileSystemEntries(_folder.FullPath).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("var x = $\"{1 + 2} \\\"<b>\" + @\"a\"; // done & dusted")]
    [InlineData("#r \"nuget: A, 1.0.0\"\n#if false\nnot code\n#endif\n/* a\n b */ 1.5f")]
    [InlineData("this is ( not { code \" at all")]
    [InlineData("  \n\n\tvar raw = \"\"\"\n  text\n  \"\"\";\n")]
    public void Colored_code_is_the_code(string code)
    {
        var html = CSharpHighlighter.ToHtml(code);
        Assert.Equal(code, WebUtility.HtmlDecode(Tags().Replace(html, "")));
    }

    [Fact]
    public void Code_is_colored_by_what_it_is() =>
        Assert.Equal(
            "<span class=\"keyword\">var</span> x = <span class=\"number-literal\">1</span> + "
            + "Length(<span class=\"string\">&quot;a&quot;</span>); <span class=\"comment\">// one</span>",
            CSharpHighlighter.ToHtml("var x = 1 + Length(\"a\"); // one"));

    private string Site => _folder.PathOf("site");

    private string Page(string name) => File.ReadAllText(Path.Combine(Site, name));

    private string Links(string name) =>
        string.Join(' ', Hrefs().Matches(Page(name), Page(name).IndexOf("<main", StringComparison.Ordinal))
            .Select(link => Uri.UnescapeDataString(WebUtility.HtmlDecode(link.Groups[1].Value))));

    private IEnumerable<string> Files() =>
        Directory.GetFiles(Site, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Site, file).Replace('\\', '/')).Order(StringComparer.Ordinal);

    private string Write(string name, string prose, string code) =>
        _folder.WriteJson(name, NotebookFolder.Json(NotebookFolder.Cell(prose, "markdown"), NotebookFolder.Cell(code)));

    private void Build(string path, params CellOutput[] outputs)
    {
        var notebook = NotebookFile.Load(path, path);
        var cells = notebook.CodeCells.Zip(outputs, (cell, output) => new CellRun(cell, [output], TimeSpan.Zero));
        SiteWriter.Write([new(notebook, [.. cells], TimeSpan.Zero)], new(Site));
    }

    private static JsonObject Attachments(string name, string type, string content) =>
        new() { [name] = new JsonObject { [type] = content } };

    private static CellOutput Output(params string[] parts) =>
        CellOutput.Result(parts.Chunk(2).ToDictionary(part => part[0], part => part[1]));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("<title>([^<]*)</title>")]
    private static partial Regex Title();

    [GeneratedRegex("<a [^>]*href=\"([^\"]*)\"")]
    private static partial Regex Hrefs();
}
