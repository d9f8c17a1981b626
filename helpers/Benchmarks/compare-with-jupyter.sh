#!/usr/bin/env bash
# Times the ten cells of the PyTorch notebook that this tutorial grew from: run by Jupyter's nbconvert in Python, and by
# the notebook runner in C#. Prints both and their ratio. Where Jupyter or PyTorch is missing it says so and exits with 2.
# Usage: compare-with-jupyter.sh [rounds]      PYTHON names the Python to use; python3 by default.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python=${PYTHON:-python3} rounds=${1:-5}

missing() { echo "Cannot compare: $1" >&2; exit 2; }
command -v dotnet > /dev/null || missing "there is no dotnet. Install the .NET 10 SDK."
command -v "$python" > /dev/null || missing "there is no $python. Set PYTHON to a Python 3."
for module in torch nbconvert ipykernel; do
  "$python" -c "import $module" 2> /dev/null || missing "$python has no $module. Install torch, nbconvert and ipykernel for it."
done

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Writes both notebooks; cell n of one does what cell n of the other does.
"$python" - "$folder" << 'NOTEBOOKS'
import json, sys

pairs = [
    ("import torch\nfrom torch import nn",
     '#r "nuget: TorchSharp-cpu, 0.107.0"\n#r "nuget: GptEmbeddings.Helpers, 1.0.0"\n'
     "using GptEmbeddings;\nusing static GptEmbeddings.Tutorial;\nusing static TorchSharp.torch;\nTutorial.Begin();"),
    ("words, width, position_width = 6, 4, 4",
     "var (words, width, positionWidth) = (6, 4, 4);"),
    ("word_embed = nn.Embedding(words, width)",
     "var wordEmbed = nn.Embedding(words, width);"),
    ("word_embed.weight", "Show(wordEmbed.weight)"),
    ("word_embed.weight.shape", "Show(wordEmbed.weight.shape)"),
    ("word_embed.weight[0]", "Show(wordEmbed.weight[0])"),
    ("pos_embed = nn.Embedding(words, position_width)",
     "var posEmbed = nn.Embedding(words, positionWidth);"),
    ("pos_embed.weight", "Show(posEmbed.weight)"),
    ("pos_embed.weight.shape", "Show(posEmbed.weight.shape)"),
    ("t_embed = word_embed(torch.arange(1))\np_embed = pos_embed(torch.arange(1))\n"
     "final_embed = t_embed + p_embed\nt_embed, p_embed, final_embed",
     "var tEmbed = wordEmbed.forward(arange(1));\nvar pEmbed = posEmbed.forward(arange(1));\n"
     "var finalEmbed = tEmbed + pEmbed;\nShow(tEmbed, pEmbed, finalEmbed)"),
]

kernels = [
    ("python", {"name": "python3", "language": "python", "display_name": "Python 3"}),
    ("csharp", {"name": ".net-csharp", "language": "C#", "display_name": ".NET (C#)"}),
]

for language, (name, kernel) in enumerate(kernels):
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"cell-{number}", "metadata": {}, "outputs": [],
         "source": pair[language].splitlines(keepends=True)}
        for number, pair in enumerate(pairs, 1)
    ]
    with open(f"{sys.argv[1]}/{name}.ipynb", "w", encoding="utf-8") as file:
        json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}, file)
NOTEBOOKS

dotnet build helpers/NotebookRunner --configuration Release --verbosity quiet --nologo > "$folder/build.out" || { cat "$folder/build.out" >&2; exit 1; }
runner=artifacts/bin/NotebookRunner/release/NotebookRunner.dll
export PYDEVD_DISABLE_FILE_VALIDATION=1 # ipykernel would warn of its own debugger

jupyter() { "$python" -m nbconvert --to notebook --execute --stdout --log-level ERROR "$folder/python.ipynb" > "$folder/python.out"; }
csharp() { dotnet exec "$runner" save --quiet "$folder/csharp.ipynb" > "$folder/csharp.out"; }

timed() {
  local started
  started=$(date +%s%N)
  "$1"
  echo $(($(date +%s%N) - started)) >> "$folder/$1.times"
}
fastest() { sort -n "$folder/$1.times" | head -n 1; }

# A round that only warms the disk's cache; then both in turn, so that whatever else the machine does slows both.
jupyter
csharp
for ((round = 0; round < rounds; round++)); do
  timed jupyter
  timed csharp
done

a=$(fastest jupyter) b=$(fastest csharp)
seconds() { awk -v n="$1" 'BEGIN { printf "%.2f", n / 1e9 }'; }
echo "The fastest of $rounds rounds:"
echo "Jupyter's nbconvert, PyTorch $("$python" -c 'import torch; print(torch.__version__)'): $(seconds "$a") s"
echo "Notebook runner, .NET $(dotnet --version): $(seconds "$b") s"
awk -v a="$a" -v b="$b" 'BEGIN { printf "The runner takes %.2f of the time that Jupyter takes.\n", b / a }'
