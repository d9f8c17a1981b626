// Attention over a sentence whose words the reader moves: the weights, the outputs, and whether these are still those of
// the first order. Computed as the notebook does: softmax(Q Kᵀ / √d) V.
gptExplore('order', function (view, data, tools) {
  const { words, x, positions } = data, { element } = tools, max = 1;
  const first = words.map((_, i) => i);
  let order = first;

  const times = (a, b) => a.map(row => b[0].map((_, j) => row.reduce((sum, one, i) => sum + one * b[i][j], 0)));
  const transposed = a => a[0].map((_, j) => a.map(row => row[j]));
  const softmax = row => {
    const most = Math.max(...row), powers = row.map(score => Math.exp(score - most));
    const all = powers.reduce((sum, power) => sum + power);
    return powers.map(power => power / all);
  };

  function attention(of) {
    const rows = of.map((word, t) => x[word].map((one, i) => one + (placing.checked ? positions[t][i] : 0)));
    const scores = times(times(rows, data.query), transposed(times(rows, data.key)));
    const weights = scores.map((row, t) => softmax(row.map((score, other) =>
      masking.checked && other > t ? -Infinity : score / Math.sqrt(data.query[0].length))));
    return { weights, outputs: times(weights, times(rows, data.value)) };
  }

  const toggle = () => element('input', { type: 'checkbox', role: 'switch', change: () => show(switches()) });
  const placing = toggle(), masking = toggle();
  const label = (input, text) => element('label', {}, input, text);
  const restart = element('button', { type: 'button', click: () => reorder(first) }, 'First order');
  const list = tools.tokens({ label: 'The sentence', move, swap });
  const matrix = (caption, columns) => tools.matrix({ caption, columns, rows: [], values: [], max });
  const outputs = matrix('output of each word', [...data.value[0].keys()].map(String));
  outputs.tHead.rows[0].append(element('th', { scope: 'col' }, 'vs. first order'));
  const legend = tools.legend(max, true);
  let weights = element('div', {});
  const tables = element('div', { class: 'gx-row gx-tables' }, weights, outputs);
  view.append(
    element('p', { class: 'gx-title' }, view.closest('[data-explore]').getAttribute('aria-label')),
    element('p', {}, 'Drag a word, move it with the arrow keys, or choose two to swap them.'),
    list,
    element('div', { class: 'gx-row gx-controls' },
      positions ? label(placing, 'add the positions') : '', label(masking, 'causal mask'), restart),
    tools.status, legend, tables);

  const switches = () =>
    `${positions ? `Positions ${placing.checked ? 'on' : 'off'}, mask` : 'Mask'} ${masking.checked ? 'on' : 'off'}.`;

  // How far a word's output is from its output in the first order, under the same switches.
  function distances(now) {
    const then = attention(first).outputs;
    return order.map((word, t) => Math.max(...now[t].map((one, i) => Math.abs(one - then[word][i]))));
  }

  function show(told) {
    const sentence = order.map(word => words[word]), now = attention(order), apart = distances(now.outputs);
    list.show(order.map((word, t) => ({ key: word, text: words[word], note: `place ${t}` })));
    const heat = matrix('weights: how much each row looks at each column', sentence);
    heat.show(now.weights, sentence);
    weights.replaceWith(heat);
    weights = heat;
    outputs.show(now.outputs, sentence);
    // Rounding differs with the order in which sums are added up.
    const isOther = apart.map(distance => distance > 1e-6);
    [...outputs.tBodies[0].rows].forEach((row, t) => {
      row.querySelectorAll('td').forEach(cell => cell.classList.toggle('gx-changed', isOther[t]));
      row.append(element('td', { class: 'gx-note' }, isOther[t] ? `differs by ${tools.number(apart[t])}` : 'the same'));
    });
    const count = isOther.filter(Boolean).length;
    if (told) tools.say(`${told} ${count} of ${order.length} words have another output than in the first `
      + `order${count ? `, by up to ${tools.number(Math.max(...apart))}` : ''}.`);
  }

  function reorder(next, told = '') {
    order = next;
    show(`${told} ${switches()}`.trim());
  }

  function move(from, to) {
    const next = [...order], [moved] = next.splice(from, 1);
    next.splice(to, 0, moved);
    reorder(next, `“${words[moved]}” is at place ${to}.`);
  }

  function swap(a, b) {
    const next = [...order];
    [next[a], next[b]] = [order[b], order[a]];
    reorder(next, `“${words[order[a]]}” and “${words[order[b]]}” are swapped.`);
  }

  show('This is the first order.');
  return () => [legend, weights, outputs].forEach(part => part.paint());
});
