namespace GptEmbeddings;

/// <summary>The text of a tensor, and where each number stands in it.</summary>
/// <param name="Text">As <see cref="TensorText.Format"/> gives it.</param>
/// <param name="Numbers">The numbers in the order of the text; none for a sparse or a meta tensor.</param>
internal sealed record PrintedTensor(string Text, IReadOnlyList<PrintedNumber> Numbers);

/// <summary>One number of a printed tensor.</summary>
/// <param name="Start">Index of its first character, padding left out.</param>
/// <param name="Length">How many characters it takes.</param>
/// <param name="Value">The number itself; a bool is 0 or 1, a complex number is NaN.</param>
/// <param name="Position">Its flat row-major index in the whole tensor.</param>
internal sealed record PrintedNumber(int Start, int Length, double Value, long Position);
