namespace GptEmbeddings;

/// <summary>One entry of <c>.gnu.version_r</c>.</summary>
/// <param name="Library">The library wanted, such as <c>libstdc++.so.6</c>.</param>
/// <param name="Version">The version wanted of it, such as <c>GLIBCXX_3.4.32</c>.</param>
/// <param name="Index">The number by which <c>.gnu.version</c> refers to this entry.</param>
/// <param name="IsWeak">Whether the library also loads without that version.</param>
/// <param name="FlagsOffset">Where <c>vna_flags</c> lies in the file, in bytes.</param>
internal readonly record struct VersionNeed(string Library, string Version, ushort Index, bool IsWeak, int FlagsOffset);
