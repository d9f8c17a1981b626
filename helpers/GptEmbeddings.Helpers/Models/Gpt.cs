using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GptEmbeddings;

/// <summary>
/// A GPT as small as it can be and still write: the sum of a word table and a positional table, blocks of causal
/// attention and a network, and the word table again to score the next token (A. Radford et al. 2019, <i>Language
/// Models are Unsupervised Multitask Learners</i>, section 2.3; V is the vocabulary size, C the width).
/// </summary>
/// <remarks>
/// Layer norm stands before each part of a block and at the end, as in GPT-2; the network has ReLU where GPT-2 has
/// GELU, and there is no dropout. Tables and matrices start from N(0, 0.02), biases at 0. What is drawn follows from
/// torch's seed. Parameters are named <c>words.weight</c>, <c>positions.weight</c>, <c>blocks.0.query.weight</c> and
/// so on: norm1, query, key, value, mix, norm2, widen and narrow in a block, and <c>norm</c> at the end.
/// </remarks>
public sealed class Gpt : Module<Tensor, Tensor>
{
    private const double Spread = 0.02;

    private readonly Embedding _words;
    private readonly Embedding _positions;
    private readonly ModuleList<Block> _blocks = [];
    private readonly LayerNorm _norm;

    /// <summary>Makes an untrained model.</summary>
    /// <param name="vocabularySize">V, the number of tokens.</param>
    /// <param name="contextLength">The largest number of tokens that it reads at once.</param>
    /// <param name="width">C, the embedding width.</param>
    /// <param name="blocks">How many blocks follow each other.</param>
    /// <param name="heads">Into how many heads each block's attention is split; it divides the width.</param>
    /// <param name="usesPositions">False for a model that never had positions: their table stays zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ArgumentException">The heads do not divide the width.</exception>
    public Gpt(int vocabularySize, int contextLength, int width = 64, int blocks = 2, int heads = 4,
        bool usesPositions = true) : base(nameof(Gpt))
    {
        foreach (var size in new[] { vocabularySize, contextLength, width, blocks, heads })
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        if (width % heads != 0)
            throw new ArgumentException($"{heads} heads do not divide a width of {width}.", nameof(heads));

        Heads = heads;
        (_words, _positions) = (Embedding(vocabularySize, width), Embedding(contextLength, width));
        for (var i = 0; i < blocks; i++) _blocks.Add(new Block(width, heads));
        _norm = LayerNorm(width);
        register_module("words", _words);
        register_module("positions", _positions);
        register_module("blocks", _blocks);
        register_module("norm", _norm);

        foreach (var (name, parameter) in named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) init.zeros_(parameter);
            else if (parameter.dim() == 2) init.normal_(parameter, 0, Spread);
        }

        if (usesPositions) return;
        init.zeros_(Positions);
        Positions.requires_grad = false;
    }

    /// <summary>The word table, which also scores the next token: (V, C).</summary>
    public Parameter Words => _words.weight!;

    /// <summary>The positional table: (context length, C).</summary>
    public Parameter Positions => _positions.weight!;

    /// <summary>Into how many heads each block's attention is split.</summary>
    public int Heads { get; }

    /// <summary>The blocks in their order, each from (B, T, C) to (B, T, C).</summary>
    public IReadOnlyList<Module<Tensor, Tensor>> Blocks => [.. _blocks];

    /// <summary>The last layer norm, from (B, T, C) to (B, T, C).</summary>
    public Module<Tensor, Tensor> Norm => _norm;

    /// <summary>Makes of each token the vector that is compared with the word table.</summary>
    /// <param name="ids">Ids, (B, T), with T at most the context length.</param>
    /// <returns>The last layer norm's output, (B, T, C).</returns>
    public Tensor Read(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var sum = _words.call(ids) + _positions.call(arange(ids.shape[^1]));   // (B, T, C)
        foreach (var block in _blocks) sum = block.call(sum);
        return _norm.call(sum);
    }

    /// <summary>Scores every token as the next one, at each place.</summary>
    /// <param name="input">Ids, (B, T), with T at most the context length.</param>
    /// <returns>Scores, (B, T, V).</returns>
    public override Tensor forward(Tensor input) => functional.linear(Read(input), Words);

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly int _heads;
        private readonly LayerNorm _norm1, _norm2;
        private readonly Linear _query, _key, _value, _mix, _widen, _narrow;

        public Block(int width, int heads) : base(nameof(Block))
        {
            _heads = heads;
            (_norm1, _norm2) = (LayerNorm(width), LayerNorm(width));
            (_query, _key, _value) = (Linear(width, width), Linear(width, width), Linear(width, width));
            (_mix, _widen, _narrow) = (Linear(width, width), Linear(width, 4 * width), Linear(4 * width, width));
            register_module("norm1", _norm1);
            register_module("norm2", _norm2);
            register_module("query", _query);
            register_module("key", _key);
            register_module("value", _value);
            register_module("mix", _mix);
            register_module("widen", _widen);
            register_module("narrow", _narrow);
        }

        public override Tensor forward(Tensor input)
        {
            var seen = _norm1.call(input);
            var collected = functional.scaled_dot_product_attention(
                Split(_query.call(seen)), Split(_key.call(seen)), Split(_value.call(seen)), is_casual: true);
            var sum = input + _mix.call(collected.transpose(1, 2).flatten(2));   // (B, T, C)
            return sum + _narrow.call(functional.relu(_widen.call(_norm2.call(sum))));
        }

        // (B, T, C) -> (B, heads, T, C / heads)
        private Tensor Split(Tensor tensor) => tensor.unflatten(2, _heads, -1).transpose(1, 2);
    }
}
