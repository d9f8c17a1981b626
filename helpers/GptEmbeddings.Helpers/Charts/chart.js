// Puts a chart in place of the picture and the sentence that stand for it. All it needs lies in the box as JSON.
(function () {
  // A host may run the script detached from the page: then it serves the next box that waits.
  const before = document.currentScript && document.currentScript.previousElementSibling;
  const box = before && before.dataset.chart ? before : document.querySelector('[data-chart]:not([data-started])');
  if (!box || 'started' in box.dataset) return;
  box.dataset.started = '';
  // Or, on a page, in a script beside it.
  const json = box.querySelector('script');
  const figure = json ? JSON.parse(json.textContent) : window.gptEmbeddingsData[box.dataset.chart];
  const { data, layout, colors, plotly } = figure;

  // Plotly.js registers itself with the page's module loader, if there is one, and a loader that did not ask for it fails.
  // So it runs within a function whose parameters hide the loader from it, whenever that is loaded.
  async function load() {
    const answer = await fetch(plotly.url, { integrity: plotly.integrity });
    if (!answer.ok) throw new Error(`${plotly.url}: ${answer.status}`);
    const script = document.createElement('script');
    script.textContent = `(function (define, module, exports) {${await answer.text()}\n}).call(window);`;
    document.head.appendChild(script).remove();
    return window.Plotly;
  }

  // Once a page. What failed is tried again by the next chart.
  function library() {
    if (window.Plotly && window.Plotly.newPlot) return window.Plotly;
    return window.gptEmbeddingsPlotly = window.gptEmbeddingsPlotly || load().catch(error => {
      window.gptEmbeddingsPlotly = null;
      throw error;
    });
  }

  const rgb = color => (color.match(/[\d.]+/g) || [0, 0, 0]).map(Number);

  // Black or white, whichever has more contrast, which is never less than 4.5 (https://www.w3.org/TR/WCAG22/).
  function inkOn(color) {
    const light = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const [red, green, blue] = color.map(part => light(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
  }

  function colorOf(value, trace) {
    const place = Math.min(1, Math.max(0, (value - trace.zmin) / (trace.zmax - trace.zmin)));
    const end = Math.max(1, trace.colorscale.findIndex(stop => stop[0] >= place));
    const [[from, low], [to, high]] = trace.colorscale.slice(end - 1, end + 1).map(stop => [stop[0], rgb(stop[1])]);
    return low.map((part, i) => part + (high[i] - part) * (place - from) / (to - from));
  }

  // Plotly would take the markup of a color for a part of the text. A digit is about 0.6 of its height wide.
  const cellWidth = trace => (box.clientWidth - 130) / trace.z[0].length;

  function cellTextSize(trace) {
    const wholes = trace.texttemplate === '%{z}';
    const letters = trace.celltexts ? Math.max(...trace.celltexts.flat().map(words => words.length)) + 1
      : Math.max(...trace.z.flat().map(value => wholes ? String(value).length : 5)) + 1;
    return Math.min(13, Math.floor(cellWidth(trace) / letters / 0.6));
  }

  // Plotly does not wrap titles. An entity counts as one letter.
  function wrapped(title) {
    const most = Math.max(20, Math.floor(box.clientWidth / 9)), lines = [''];
    let letters = 0;
    for (const word of String(title || '').split(/(?<=[ ,.]|\w\()/)) {
      const all = word.match(/&#?\w+;|[^]/gu) || [];
      if (letters && letters + all.length > most) { lines.push(''); letters = 0; }
      for (const letter of all) {
        if (letters === most) { lines.push(''); letters = 0; }
        lines[lines.length - 1] += letter;
        letters++;
      }
    }
    return lines;
  }

  // The places of labels are chosen for a wide chart. On a phone those of several words take two a line.
  const stacked = label => label.replace(/(\S+ \S+) (?=\S)/g, '$1<br>');

  const isLabeled = trace => /text/.test(trace.mode);

  // What Plotly is asked to draw, in the colors and the width of the page as it is now.
  function themed() {
    const [traces, shown] = JSON.parse(JSON.stringify([data, layout]));
    const text = getComputedStyle(box).color, dark = inkOn(rgb(text)) === '#000';
    const narrow = box.clientWidth < 500, clear = 'rgba(0,0,0,0)', gray = 'rgba(128,128,128,0.3)';
    for (const trace of traces) {
      const stops = [].concat(trace.colorscale || []);
      if (dark) stops.forEach(stop => { if (stop[1] === colors.zeroOnLight) stop[1] = colors.zeroOnDark; });
      if (narrow && isLabeled(trace)) {
        trace.textfont = { size: 9 };
        trace.text = trace.text.map(stacked);
      }
      // In narrow cells the gaps would darken or pale the picture.
      if (trace.xgap && cellWidth(trace) < 8) trace.xgap = trace.ygap = 0;
      if (!trace.texttemplate) continue;
      trace.textfont = { size: cellTextSize(trace) };
      if (trace.textfont.size < 7) trace.texttemplate = '';
      const written = trace.celltexts, inks = trace.z.map(row => row.map(value => inkOn(colorOf(value, trace))));
      const inked = (ink, words) => words && `<span style="color:${ink}">${words}</span>`;
      trace.text = written ? written.map((row, i) => row.map((words, j) => inked(inks[i][j], words))) : inks;
      if (!written) trace.texttemplate = inked('%{text}', trace.texttemplate);
    }

    const lines = wrapped(shown.title);
    shown.title = { text: lines.join('<br>'), font: { size: 16 }, yref: 'container', y: 1, yanchor: 'top',
      // Of several lines Plotly sets the first one higher.
      pad: { t: lines.length > 1 ? 23 : 12 } };
    // All nine digits of a power of ten would lie on one another; of 2 and 5 Plotly shows the digit alone.
    if ((shown.yaxis || {}).type === 'log') Object.assign(shown.yaxis, { dtick: 'D2', tickformat: '~g' });
    if ((shown.yaxis || {}).scaleanchor) shown.height = Math.min(shown.height, box.clientWidth + 120);
    shown.height += 21 * (lines.length - 1);
    const axis = { automargin: true, gridcolor: gray, zerolinecolor: 'rgba(128,128,128,0.7)' };
    shown.template = { layout: {
      font: { color: text, size: narrow ? 11 : 13 }, paper_bgcolor: clear, plot_bgcolor: clear,
      margin: { t: 30 + 21 * lines.length, r: narrow && traces.some(isLabeled) ? 45 : 20, b: 50, l: 60 },
      // Without a distance Plotly writes the title over labels that are long.
      xaxis: axis, yaxis: { ...axis, title: { standoff: 10 } },
      legend: { orientation: 'h', yref: 'container', y: 0, yanchor: 'bottom', x: 0.5, xanchor: 'center' },
      hoverlabel: { bgcolor: dark ? '#222' : '#fff', bordercolor: gray, font: { color: text }, align: 'left' },
      modebar: { bgcolor: clear, color: 'rgba(128,128,128,0.7)', activecolor: text },
    } };
    // Without a pointer the buttons would lie on the title for good.
    const buttons = matchMedia('(hover: hover)').matches && 'hover';
    // A finger that starts on the chart means to scroll the page.
    if (matchMedia('(pointer: coarse)').matches) shown.dragmode = false;
    return [traces, shown, { displaylogo: false, responsive: true, displayModeBar: buttons }];
  }

  // Within something folded there is no width to draw in.
  const unfolded = () => new Promise(done => new ResizeObserver((_, observer) => {
    if (!box.clientWidth) return;
    observer.disconnect();
    done();
  }).observe(box));

  async function draw() {
    // The page may bring its own plotly.js with a deferred script.
    if (document.readyState === 'loading') await new Promise(done => document.addEventListener('DOMContentLoaded', done));
    if (!box.clientWidth) await unfolded();
    // Each in a task of its own: between two charts the page answers.
    await new Promise(done => setTimeout(done));
    const Plotly = await library(), plot = document.createElement('div');
    const standIns = box.querySelectorAll(':scope > img, :scope > p');
    box.appendChild(plot);
    try { await Plotly.newPlot(plot, ...themed()); } catch (error) { plot.remove(); throw error; }
    standIns.forEach(one => one.remove());
    const redraw = () => Plotly.react(plot, ...themed());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    // The pages have a switch of their own.
    addEventListener('gpt-embeddings-theme', redraw);
  }

  draw().catch(error => console.warn('No chart: plotly.js could not be loaded or could not draw it.', error));
})();
