// What all explorers share: the box and its data, the color scale, tables, words to move, and what a screen reader is
// told. It stands in one function with the style sheet as `css` before it and one explorer's own file after it, which
// calls gptExplore with its kind and a function that draws. That may return a function to draw anew in other colors.
function gptExplore(kind, draw) {
  // A host may run the script detached from the page: then it serves the next box of its kind that waits.
  const before = document.currentScript && document.currentScript.previousElementSibling;
  const box = before && before.dataset.explore === kind
    ? before : document.querySelector(`[data-explore="${kind}"]:not([data-started])`);
  if (!box || 'started' in box.dataset) return;
  box.dataset.started = '';

  // A child is text or an element; an attribute that is a function listens to the event of its name.
  function element(tag, attributes, ...children) {
    // Going back to a page must not restore a choice without what follows from it.
    const made = Object.assign(document.createElement(tag), /input|select/.test(tag) && { autocomplete: 'off' });
    for (const [name, value] of Object.entries(attributes || {}))
      if (typeof value === 'function') made.addEventListener(name, value);
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function svg(tag, attributes, ...children) {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // Hosts give an svg a height of their own, which the view box sets right.
  const drawing = (width, height, attributes, ...children) => svg('svg', {
    width, height, viewBox: `0 0 ${width} ${height}`, 'font-size': 12, fill: 'currentColor', ...attributes,
  }, ...children);

  const number = (value, digits = 4) => {
    const text = value.toFixed(digits);
    return Number(text) === 0 ? text.replace('-', '') : text;
  };

  const rgb = color => color.match(/[\d.]+/g).map(Number);
  const textColor = () => rgb(getComputedStyle(box).color);

  // Black or white, whichever has more contrast, which is never less than 4.5 (https://www.w3.org/TR/WCAG22/).
  function inkOn(color) {
    const light = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const [red, green, blue] = color.map(part => light(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff';
  }

  const isDark = () => inkOn(textColor()) === '#000';
  const reducesMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

  function tools(view, colors) {
    const status = element('p', { role: 'status', 'aria-live': 'polite' });
    const zero = () => rgb(isDark() ? colors.zeroOnDark : colors.zeroOnLight);

    // From -max through 0 to max; what is beyond has the color of the end.
    function scale(max) {
      const mix = value => {
        const share = Math.min(1, Math.abs(value) / max), end = rgb(value < 0 ? colors.negative : colors.positive);
        return zero().map((part, i) => Math.round(part + (end[i] - part) * share));
      };
      return { color: value => `rgb(${mix(value).join(',')})`, ink: value => inkOn(mix(value)) };
    }

    function legend(max, isOpen = false) {
      const bar = element('span', {}), text = number(max, Math.max(1, 1 - Math.floor(Math.log10(max))));
      bar.paint = () => {
        const stops = [colors.negative, `rgb(${zero().join(',')})`, colors.positive];
        bar.style.background = `linear-gradient(to right, ${stops.join(',')})`;
      };
      bar.paint();
      const made = element('div', {
        class: 'gx-legend', role: 'img',
        'aria-label': `Colors: blue for ${-text} ${isOpen ? 'and less' : ''}, gray for 0, orange for ${text} ${isOpen ? 'and more' : ''}`,
      }, element('span', {}, `-${text}${isOpen ? ' or less' : ''}`), bar, element('span', {}, `${text}${isOpen ? ' or more' : ''}`));
      made.paint = bar.paint;
      return made;
    }

    // A label is text or an element. show() changes values and row labels; paint() takes the page's present colors.
    function matrix({ caption, rows, columns, values, max, digits = 4 }) {
      const colorOf = scale(max), head = element('tr', {}, element('td', {})), body = element('tbody');
      for (const column of columns) head.append(element('th', { scope: 'col' }, column));
      const table = element('table', {}, element('caption', {}, caption), element('thead', {}, head), body);
      table.paint = () => values.forEach((row, i) => row.forEach((value, j) => {
        const cell = body.rows[i].querySelectorAll('td')[j];
        cell.style.background = colorOf.color(value);
        cell.style.color = colorOf.ink(value);
      }));
      table.show = (newValues, newRows) => {
        values = newValues;
        body.replaceChildren(...values.map((row, i) => element('tr', {},
          element('th', { scope: 'row' }, newRows[i]),
          ...row.map(value => element('td', {}, number(value, digits))))));
        table.paint();
      };
      table.show(values, rows);
      return table;
    }

    // Lets an element arrive from another place.
    function slide(moved, dx, dy) {
      if (reducesMotion() || (!dx && !dy)) return;
      moved.animate([{ transform: `translate(${dx}px,${dy}px)` }, { transform: 'none' }],
        { duration: 450, easing: 'ease' });
    }

    // Words in a row: drag one, move it with the arrow keys, or choose two to swap them.
    function tokens({ label, move, swap, remove }) {
      const list = element('ol', { class: 'gx-tokens', 'aria-label': label });
      let items = [], dragged = null, chosen = null, justDragged = false;
      const at = key => items.findIndex(item => item.key === key);
      const buttons = new Map();

      function choose(key) {
        if (justDragged) return;
        const other = chosen;
        chosen = other === null ? key : null;
        if (other !== null && other !== key) swap(at(other), at(key));
        else paint();
      }

      function keys(event, key) {
        const from = at(key), last = items.length - 1;
        const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
        if (to !== undefined) {
          if (to !== from && to >= 0 && to <= last) move(from, to);
        } else if (remove && (event.key === 'Delete' || event.key === 'Backspace')) {
          remove(from);
          if (items.length) buttons.get(items[Math.min(from, items.length - 1)].key).focus();
        } else if (event.key === 'Escape') { chosen = null; paint(); } else return;
        event.preventDefault();
      }

      // Where the pointer is past the middle of another word, by the layout and not by what is still sliding.
      function place(event, from) {
        const area = list.getBoundingClientRect(), x = event.clientX - area.left, y = event.clientY - area.top;
        const boxes = [...list.children];
        return boxes.findIndex(({ offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height }, i) =>
          i !== from && y >= top && y <= top + height && x >= left && x <= left + width
          && (top !== boxes[from].offsetTop || (i > from ? x > left + width / 2 : x < left + width / 2)));
      }

      function grab(event, key) {
        if (event.button !== 0 || !event.isPrimary) return;
        const { clientX, clientY } = event;
        const drag = moved => {
          if (dragged === null && Math.hypot(moved.clientX - clientX, moved.clientY - clientY) < 6) return;
          dragged = key;
          const from = at(key), to = place(moved, from);
          if (to >= 0) move(from, to); else paint();
        };
        const drop = () => {
          for (const name of ['pointermove', 'pointerup', 'pointercancel'])
            window.removeEventListener(name, name === 'pointermove' ? drag : drop);
          // The click that ends a drag chooses nothing.
          justDragged = dragged !== null;
          setTimeout(() => { justDragged = false; });
          dragged = null;
          paint();
        };
        window.addEventListener('pointermove', drag);
        window.addEventListener('pointerup', drop);
        window.addEventListener('pointercancel', drop);
      }

      function paint() {
        items.forEach((item, i) => {
          const button = buttons.get(item.key);
          button.setAttribute('aria-pressed', String(item.key === chosen));
          button.setAttribute('aria-label', `${item.text} ${item.note}, ${i + 1} of ${items.length}`);
          button.lastChild.textContent = item.note;
          button.parentNode.classList.toggle('gx-dragged', item.key === dragged);
        });
      }

      list.show = newItems => {
        const focused = [...buttons].find(pair => pair[1] === document.activeElement);
        const old = new Map([...buttons].map(([key, button]) => [key, button.getBoundingClientRect()]));
        items = newItems;
        if (at(chosen) < 0) chosen = null;
        for (const key of buttons.keys()) if (at(key) < 0) buttons.delete(key);
        for (const { key, text } of items)
          if (!buttons.has(key)) {
            const button = element('button', {
              type: 'button', click: () => choose(key), keydown: event => keys(event, key),
              pointerdown: event => grab(event, key),
            }, element('span', {}, text), ' ', element('small', {}));
            element('li', {}, button);
            buttons.set(key, button);
          }
        list.replaceChildren(...items.map(item => buttons.get(item.key).parentNode));
        paint();
        if (focused && buttons.has(focused[0])) focused[1].focus();
        for (const [key, button] of buttons) {
          const [from, to] = [old.get(key), button.getBoundingClientRect()];
          if (from) slide(button, from.left - to.left, from.top - to.top);
        }
      };
      list.chosen = () => chosen === null ? -1 : at(chosen);
      return list;
    }

    // Where the view is folded away, it is drawn as wide as a page, and anew when it is opened.
    const room = () => (view.clientWidth || 720) - 8;

    function onResize(draw) {
      let width = view.clientWidth;
      new ResizeObserver(() => {
        if (!view.clientWidth || view.clientWidth === width) return;
        width = view.clientWidth;
        requestAnimationFrame(draw);
      }).observe(view);
    }

    const sides = [[0, -1], [0, 1], [1, 0], [-1, 0], [1, -1], [1, 1], [-1, -1], [-1, 1]];

    // On the first side where it covers no other label; where none is left, a point goes without one.
    function label(text, [x, y], taken, size, must) {
      const weight = must ? 'bold' : 'normal', pen = document.createElement('canvas').getContext('2d');
      pen.font = `${weight} 12px ${getComputedStyle(view).fontFamily}`;
      const w = pen.measureText(text).width + 5, h = 15, options = [];
      for (const far of [1, 2]) for (const [dx, dy] of sides) {
        const box = { x: x + dx * (w / 2 + 7 * far), y: y + dy * (h / 2 + 6 * far), w, h };
        const inside = box.x - w / 2 >= 0 && box.x + w / 2 <= size.w && box.y - h / 2 >= 0 && box.y + h / 2 <= size.h;
        const covered = other => Math.max(0, (w + other.w) / 2 - Math.abs(box.x - other.x))
          * Math.max(0, (h + other.h) / 2 - Math.abs(box.y - other.y));
        if (inside && taken.labels.every(other => !covered(other)))
          options.push({ box, cost: taken.marks.reduce((sum, other) => sum + covered(other), 0) });
      }
      const best = options.sort((a, b) => a.cost - b.cost)[0];
      if (!best || best.cost > 60 && !must) return null;
      taken.labels.push(best.box);
      return svg('text', { x: best.box.x, y: best.box.y + 4, 'text-anchor': 'middle', 'font-weight': weight }, text);
    }

    const say = text => { status.textContent = text; };
    return { element, svg, drawing, number, scale, legend, matrix, tokens, slide, room, onResize, label, say, status };
  }

  function start() {
    const source = box.querySelector(':scope > script');
    const { colors, data } = source ? JSON.parse(source.textContent) : window.gptEmbeddingsData[box.dataset.key];
    const view = element('div', { class: 'gx' }), standIns = box.querySelectorAll(':scope > img, :scope > pre');
    const area = element('div', {}, element('style', {}, css), view), given = tools(view, colors);
    const theme = () => {
      view.style.setProperty('--gx-ink', `rgb(${textColor().slice(0, 3).join(',')})`);
      view.style.setProperty('--gx-paper', isDark() ? '#1b1f24' : '#fff');
    };
    theme();
    // Jupyter's own shortcuts would take the keys for commands.
    view.addEventListener('keydown', event => event.stopPropagation());
    box.append(area);
    let repaint;
    try { repaint = draw(view, data, given); } catch (error) { area.remove(); throw error; }
    if (!given.status.isConnected) view.append(given.status);
    standIns.forEach(one => one.remove());
    const anew = () => { theme(); if (repaint) repaint(); };
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', anew);
    window.addEventListener('gpt-embeddings-theme', anew);
  }

  const attempt = () => {
    try { start(); } catch (error) { console.warn('No explorer: it could not be drawn.', error); }
  };
  // A page may bring the data in a deferred script.
  if (box.querySelector(':scope > script') || document.readyState !== 'loading') attempt();
  else document.addEventListener('DOMContentLoaded', attempt);
}

