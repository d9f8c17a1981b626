// Terms of the glossary: explained while the pointer or the focus is on them, and by a tap. Without scripts they are
// links to the glossary.
(function () {
  const box = document.createElement('div');
  box.className = 'meaning';
  box.id = 'meaning';
  box.setAttribute('role', 'tooltip');
  box.hidden = true;
  let shown = null, leaving = 0;

  function hide() {
    if (!shown) return;
    shown.removeAttribute('aria-describedby');
    shown = null;
    box.hidden = true;
  }

  function show(term) {
    clearTimeout(leaving);
    if (shown === term) return;
    hide();
    shown = term;
    const more = document.createElement('a');
    more.href = term.href;
    more.textContent = 'Glossary';
    const meaning = document.createElement('span');
    meaning.textContent = `${term.dataset.meaning}. `;
    box.replaceChildren(meaning, more);
    // Beside the term in the document, too: Tab goes from one to the other.
    term.after(box);
    box.hidden = false;
    term.setAttribute('aria-describedby', 'meaning');
    place(term);
  }

  function place(term) {
    const [line] = term.getClientRects(), { bottom } = term.getBoundingClientRect();
    const room = box.offsetParent.getBoundingClientRect();
    const left = Math.min(line.left, document.documentElement.clientWidth - box.offsetWidth - 12);
    box.style.left = `${Math.max(12, left) - room.left}px`;
    const above = bottom + box.offsetHeight + 12 > innerHeight && line.top > box.offsetHeight + 12;
    box.style.top = `${(above ? line.top - box.offsetHeight - 4 : bottom + 4) - room.top}px`;
  }

  function leave() {
    clearTimeout(leaving);
    leaving = setTimeout(() => { if (!box.matches(':hover, :focus-within')) hide(); }, 200);
  }

  for (const term of document.querySelectorAll('.term')) {
    term.setAttribute('role', 'button');
    term.addEventListener('mouseenter', () => show(term));
    term.addEventListener('mouseleave', leave);
    term.addEventListener('focus', () => show(term));
    term.addEventListener('blur', leave);
    term.addEventListener('click', event => {
      event.preventDefault();
      show(term);
    });
    term.addEventListener('keydown', event => {
      if (event.key === ' ' || event.key === 'Enter') {
        event.preventDefault();
        show(term);
      }
    });
  }

  box.addEventListener('mouseleave', leave);
  box.addEventListener('focusout', leave);
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    if (box.contains(document.activeElement)) shown.focus();
    hide();
  });
  document.addEventListener('pointerdown', event => {
    if (shown && !box.contains(event.target) && event.target !== shown) hide();
  });
})();
