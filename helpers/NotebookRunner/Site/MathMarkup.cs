using System.Net;
using System.Text;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>
/// Formulas in the part of TeX that prose needs, as MathML, which browsers show without a script: letters, numbers,
/// signs, <c>^ _ { }</c>, <c>\frac \sqrt \text</c>, Greek letters and common signs. Any other command shows as it is
/// written.
/// </summary>
internal sealed class MathMarkup
{
    private static readonly Dictionary<string, string> Letters = Pairs(
        "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε eta η theta θ lambda λ mu μ pi π rho ρ sigma σ " +
        "tau τ phi ϕ varphi φ omega ω Delta Δ Theta Θ Sigma Σ Phi Φ Omega Ω infty ∞ ell ℓ nabla ∇ partial ∂");

    private static readonly Dictionary<string, string> Signs = Pairs(
        "cdot ⋅ times × pm ± le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ equiv ≡ in ∈ to → rightarrow → mapsto " +
        "↦ sum ∑ prod ∏ int ∫ ldots … dots … cdots ⋯ mid ∣ top ⊤ odot ⊙ oplus ⊕ langle ⟨ rangle ⟩ | ‖ { { } } " +
        "% %");

    private static readonly HashSet<string> Functions =
        ["sin", "cos", "tan", "exp", "log", "ln", "max", "min", "arg", "det", "dim"];

    private const int MostDepth = 100;

    private readonly string _tex;
    private int _position, _depth;

    private MathMarkup(string tex) => _tex = tex;

    /// <summary>Gives the MathML.</summary>
    /// <param name="tex">The formula without its dollar signs.</param>
    /// <param name="display">Whether it stands on a line of its own.</param>
    public static string ToHtml(string tex, bool display)
    {
        var content = new StringBuilder();
        var math = new MathMarkup(tex.Trim());
        // A brace that closes nothing ends a row too early: the rest follows.
        for (; math._position < math._tex.Length; math._position++) content.Append(math.Row());
        return $"<math display=\"{(display ? "block" : "inline")}\"><semantics><mrow>{content}</mrow>" +
            $"<annotation encoding=\"application/x-tex\">{WebUtility.HtmlEncode(tex.Trim())}</annotation></semantics></math>";
    }

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split(' ').Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);

    private string Row()
    {
        var row = new StringBuilder("<mrow>");
        while (_position < _tex.Length && _tex[_position] != '}')
        {
            if (char.IsWhiteSpace(_tex[_position])) _position++;
            else row.Append(Scripted());
        }

        return row.Append("</mrow>").ToString();
    }

    private string Scripted()
    {
        var atom = _tex[_position] is '^' or '_' ? "<mrow></mrow>" : Atom();
        string? below = null, above = null;
        while (_position < _tex.Length && _tex[_position] is '^' or '_' or '\'')
            if (_tex[_position++] is var sign && sign == '\'') above += "<mo>′</mo>";
            else if (sign == '^') above += Argument();
            else below += Argument();

        var large = atom is "<mo>∑</mo>" or "<mo>∏</mo>";
        return (below, above) switch
        {
            (null, null) => atom,
            (_, null) => large ? $"<munder>{atom}{below}</munder>" : $"<msub>{atom}{below}</msub>",
            (null, _) =>
                large ? $"<mover>{atom}<mrow>{above}</mrow></mover>" : $"<msup>{atom}<mrow>{above}</mrow></msup>",
            _ => large ? $"<munderover>{atom}{below}<mrow>{above}</mrow></munderover>"
                : $"<msubsup>{atom}{below}<mrow>{above}</mrow></msubsup>",
        };
    }

    private string Argument()
    {
        while (_position < _tex.Length && char.IsWhiteSpace(_tex[_position])) _position++;
        return _position < _tex.Length && _tex[_position] is not ('}' or '^' or '_') ? Atom() : "<mrow></mrow>";
    }

    private string Atom()
    {
        var start = _position++;
        switch (_tex[start])
        {
            case '{' when _depth < MostDepth:
                _depth++;
                var row = Row();
                _depth--;
                _position = Math.Min(_position + 1, _tex.Length);
                return row;
            case '\\' when _depth < MostDepth:
                _depth++;
                var command = Command();
                _depth--;
                return command;
            case var digit when char.IsAsciiDigit(digit):
                while (_position < _tex.Length && (char.IsAsciiDigit(_tex[_position])
                    || (_tex[_position] is '.' or ',' && _position + 1 < _tex.Length
                        && char.IsAsciiDigit(_tex[_position + 1])))) _position++;
                return $"<mn>{_tex[start.._position]}</mn>";
            case var letter when char.IsLetter(letter):
                return $"<mi>{letter}</mi>";
            case var high when char.IsHighSurrogate(high) && _position < _tex.Length:
                return $"<mi>{_tex[start..++_position]}</mi>";
            case '-':
                return "<mo>−</mo>";
            case var sign:
                return $"<mo>{WebUtility.HtmlEncode(sign.ToString())}</mo>";
        }
    }

    private string Command()
    {
        var start = _position;
        while (_position < _tex.Length && char.IsAsciiLetter(_tex[_position])) _position++;
        if (_position == start && _position < _tex.Length) _position++;
        var name = _tex[start.._position];
        return name switch
        {
            "frac" => $"<mfrac>{Argument()}{Argument()}</mfrac>",
            "sqrt" => $"<msqrt>{Argument()}</msqrt>",
            "text" or "mathrm" or "operatorname" => $"<mtext>{WebUtility.HtmlEncode(Verbatim())}</mtext>",
            "mathbf" => $"<mrow style=\"font-weight:bold\">{Argument()}</mrow>",
            "hat" => $"<mover accent=\"true\">{Argument()}<mo>^</mo></mover>",
            "bar" => $"<mover accent=\"true\">{Argument()}<mo>¯</mo></mover>",
            "vec" => $"<mover accent=\"true\">{Argument()}<mo>→</mo></mover>",
            "left" or "right" or "," or ";" or "!" or " " => "",
            "quad" => "<mspace width=\"1em\"></mspace>",
            _ when Letters.TryGetValue(name, out var letter) => $"<mi>{letter}</mi>",
            _ when Signs.TryGetValue(name, out var sign) => $"<mo>{sign}</mo>",
            _ when Functions.Contains(name) => $"<mi>{name}</mi>",
            _ => $"<mtext>\\{WebUtility.HtmlEncode(name)}</mtext>",
        };
    }

    private string Verbatim()
    {
        if (_position >= _tex.Length || _tex[_position] != '{') return "";
        var end = _tex.IndexOf('}', _position);
        if (end < 0) end = _tex.Length;
        var text = _tex[(_position + 1)..end];
        _position = Math.Min(end + 1, _tex.Length);
        return text;
    }
}
