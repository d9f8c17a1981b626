using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace GptEmbeddings;

/// <summary>The HTML of a chart: a sentence, and the script that puts the chart in its place.</summary>
internal static class PlotlyHtml
{
    private const string Url = "https://cdn.plot.ly/plotly-2.28.0.min.js";

    private static readonly JsonSerializerSettings Safe = new() { StringEscapeHandling = StringEscapeHandling.EscapeHtml };

    /// <summary>Writes the HTML.</summary>
    /// <param name="sentence">What the chart shows, as a reader without scripts is told it.</param>
    /// <param name="figure">Plotly's <c>data</c> and <c>layout</c>.</param>
    /// <param name="width">The largest width, in pixels.</param>
    public static string Write(string sentence, JObject figure, int width)
    {
        var json = JsonConvert.SerializeObject(figure, Safe);
        // Of the content, not random: running a notebook again must not change what it saves.
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
        var told = Html.Encode(sentence);
        return string.Create(CultureInfo.InvariantCulture, $"<div data-chart=\"{key}\" role=\"img\" aria-label=\"{told}\" style=\"max-width:{width}px\">")
            + $"<p>{told}. The interactive chart needs plotly.js from {Url}, which has not been reached.</p></div>\n<script>"
            + Script.Replace("KEY", key, StringComparison.Ordinal).Replace("URL", Url, StringComparison.Ordinal)
                .Replace("LIGHT", Palette.NeutralOnLight, StringComparison.Ordinal).Replace("DARK", Palette.NeutralOnDark, StringComparison.Ordinal)
                .Replace("FIGURE", json, StringComparison.Ordinal) + "</script>";
    }

    // A host may run the script detached from the page; then the chart goes where the next sentence with its key is.
    // Plotly is waited for until the page is parsed, since the page may bring its own copy with a deferred script.
    private const string Script = """

        (function () {
          const figure = FIGURE;
          const own = document.currentScript && document.currentScript.previousElementSibling;
          const box = own && own.dataset.chart === 'KEY' ? own : document.querySelector('[data-chart="KEY"]:not([data-started])');
          if (!box) return;
          box.dataset.started = '';

          function load() {
            if (window.Plotly && window.Plotly.newPlot) return window.Plotly;
            return window.gptEmbeddingsPlotly = window.gptEmbeddingsPlotly || new Promise(function (done, fail) {
              const define = window.define, amd = define && define.amd, url = 'URL';
              // Where modules are loaded by name, plotly.js registers itself without one: have the loader ask for it, or hide the loader.
              if (amd && window.requirejs && requirejs.config)
                return requirejs.config({ context: 'gptEmbeddings', waitSeconds: 15, paths: { plotly: url.replace(/\.js$/, '') } })(['plotly'], done, fail);
              const script = document.createElement('script');
              function end(answer) {
                clearTimeout(timer);
                if (amd) define.amd = amd;
                answer(window.Plotly);
              }
              const timer = setTimeout(function () { end(fail); }, 15000);
              script.onload = function () { end(window.Plotly ? done : fail); };
              script.onerror = function () { end(fail); };
              if (amd) define.amd = undefined;
              script.src = url;
              document.head.appendChild(script);
            }).catch(function (error) { window.gptEmbeddingsPlotly = null; throw error; });
          }

          function themed() {
            const { data, layout } = JSON.parse(JSON.stringify(figure));
            const text = getComputedStyle(box).color, [red, green, blue] = (text.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
            const dark = 0.3 * red + 0.6 * green + 0.1 * blue > 128, clear = 'rgba(0,0,0,0)', gray = 'rgba(128,128,128,0.3)';
            if (dark) data.forEach(trace => [].concat(trace.colorscale || []).forEach(stop => { if (stop[1] === 'LIGHT') stop[1] = 'DARK'; }));

            // Plotly does not wrap titles. An entity counts as one letter.
            const most = Math.max(20, Math.floor(box.clientWidth / 9)), lines = [''];
            let letters = 0;
            for (const word of String(layout.title || '').split(/(?<=[ ,.]|\w\()/)) {
              const all = word.match(/&#?\w+;|[^]/gu) || [];
              if (letters && letters + all.length > most) { lines.push(''); letters = 0; }
              for (const letter of all) {
                if (letters === most) { lines.push(''); letters = 0; }
                lines[lines.length - 1] += letter;
                letters++;
              }
            }
            layout.title = { text: lines.join('<br>'), font: { size: 16 }, yref: 'container', y: 1, yanchor: 'top', pad: { t: 12 } };
            if (layout.scene || (layout.yaxis || {}).scaleanchor) layout.height = Math.min(layout.height, box.clientWidth + 120);
            layout.height += 21 * (lines.length - 1);
            const axis = { automargin: true, gridcolor: gray, zerolinecolor: 'rgba(128,128,128,0.7)' };
            layout.template = { layout: {
              font: { color: text, size: box.clientWidth < 500 ? 11 : 13 }, paper_bgcolor: clear, plot_bgcolor: clear,
              margin: { t: 30 + 21 * lines.length, r: 20, b: 50, l: 60 },
              xaxis: axis, yaxis: axis, scene: { xaxis: axis, yaxis: axis, zaxis: axis, camera: { eye: { x: 1.6, y: 1.6, z: 1.1 } } },
              legend: { orientation: 'h', yref: 'container', y: 0, yanchor: 'bottom', x: 0.5, xanchor: 'center', itemsizing: layout.scene ? 'constant' : 'trace' },
              hoverlabel: { bgcolor: dark ? '#222' : '#fff', bordercolor: gray, font: { color: text }, align: 'left' },
              modebar: { bgcolor: clear, color: 'rgba(128,128,128,0.7)', activecolor: text },
            } };
            // Without a pointer the buttons would lie on the title for good.
            return [data, layout, { displaylogo: false, responsive: true, displayModeBar: matchMedia('(hover: hover)').matches && 'hover' }];
          }

          async function draw() {
            if (document.readyState === 'loading') await new Promise(function (done) { document.addEventListener('DOMContentLoaded', done); });
            const Plotly = await load(), plot = document.createElement('div'), sentence = box.firstElementChild;
            box.appendChild(plot);
            try { await Plotly.newPlot(plot, ...themed()); } catch (error) { plot.remove(); throw error; }
            sentence.remove();
            matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () { Plotly.react(plot, ...themed()); });
          }

          draw().catch(function (error) { console.warn('No chart: plotly.js could not be loaded or could not draw it.', error); });
        })();

        """;
}
