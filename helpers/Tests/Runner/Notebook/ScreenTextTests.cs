using System.Diagnostics;
using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Printed text as a terminal shows it.</summary>
public sealed class ScreenTextTests
{
    [Theory]
    [InlineData("a\tb\n\nc\n", "a\tb\n\nc\n")]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("\rworking   0 %\rworking  50 %\rworking 100 %\n", "working 100 %\n")]
    [InlineData("long line\rshort", "shortline")]
    [InlineData("12%\b\b\b34%", "34%")]
    [InlineData("\b\ba", "a")]
    [InlineData("\e[32mok\e[0m \e[1;4mbold\e[m", "ok bold")]
    [InlineData("\e[38;5;1mred\e[48;2;1;2;3mbackground", "redbackground")]
    [InlineData("working\e[2K\rdone", "done")]
    [InlineData("working\r\e[Kdone", "done")]
    [InlineData("one\ntwo\n\e[2A\e[Kfirst\n\e[Bthree", "first\ntwo\nthree")]
    [InlineData("a\e[3Cb\e[2Dc\e[1Gd", "d  cb")]
    [InlineData("lost\nlost\e[2J\e[Hkept", "kept")]
    [InlineData("a\e]0;title\ab\e]8;;https://example.org/\e\\link\e]8;;\e\\", "ablink")]
    [InlineData("a\0b\ac\u0085d\u007fe\e(Bf\e7g", "abcdefg")]
    [InlineData("a\e[?25lb\e[>4;1mc", "abc")]
    [InlineData("1\t2\r3", "3       2")]
    [InlineData("e\u0301a\rb", "ba")]
    [InlineData("a\e[999999999Cb\e[99999999999999999999D", null)]
    [InlineData("\e", "")]
    [InlineData("\e[", "")]
    [InlineData("\e]0;never ends", "")]
    public void Text_is_what_a_terminal_shows(string printed, string? shown)
    {
        var text = ScreenText.Of(printed);
        if (shown is not null) Assert.Equal(shown, text);
        Assert.InRange(text.Length, 0, 1_000);
    }

    [Fact]
    public void Colors_and_bold_letters_are_the_look_of_a_piece() =>
        Assert.Equal(
            [("ok", "ink-2"), (" ", ""), ("bold", "bold "), (" red", "bold ink-1"), ("", "")],
            ScreenText.Pieces("\e[92mok\e[39m \e[1mbold\e[31m red\e[0m").Append(("", "")));

    [Fact]
    public void Every_text_takes_time_by_its_length()
    {
        string[] hostile = ["\n\e[1J", "\e[2K\e[199Cx", "\e[A\e[J\n", "x\b", "\r\e[1K", "\e]", "\e[1;", "a\e[H"];
        var clock = Stopwatch.StartNew();
        foreach (var piece in hostile)
            Assert.NotNull(ScreenText.Of(string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length))));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }
}
