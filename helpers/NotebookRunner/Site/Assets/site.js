// What the pages do beyond showing: copy code, open drawings large, scroll by keyboard, unfold the chapters on a wide screen and mark the
// section that is read, unfold for printing where the style sheet cannot.
for (const box of document.querySelectorAll('.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    const code = box.querySelector('code');
    let copied = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      // Pages from the file system may not have the clipboard: copy as a selection.
      getSelection().selectAllChildren(code);
      copied = document.execCommand('copy');
    }
    button.textContent = copied ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  box.append(button);
}

// A tap or Enter opens a drawing large, to be scrolled and pinched; a tap, Enter or Escape closes it.
const large = document.createElement('dialog');
large.className = 'large';
large.addEventListener('click', () => large.close());
for (const image of document.querySelectorAll('.prose img')) {
  if (image.closest('a')) continue;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'enlarge';
  button.setAttribute('aria-label', `Open large: ${image.alt}`);
  image.replaceWith(button);
  button.append(image);
  button.addEventListener('click', () => {
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Close';
    large.replaceChildren(image.cloneNode(), close);
    large.setAttribute('aria-label', image.alt);
    document.body.append(large);
    large.showModal();
  });
}

// What is cut off can be scrolled to by keyboard, and shows that there is more.
const boxes = [...document.querySelectorAll('pre, .wide, .output')];
function markCut() {
  for (const box of boxes) {
    const hidden = box.scrollWidth - box.clientWidth;
    if (hidden > 1) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
    box.classList.toggle('cut', hidden - box.scrollLeft > 1);
  }
}

markCut();
addEventListener('resize', markCut);
for (const box of boxes) box.addEventListener('scroll', markCut, { passive: true });
for (const answer of document.querySelectorAll('.answer')) answer.addEventListener('toggle', markCut);

const chapters = document.querySelector('.book details');
if (chapters) {
  const wide = matchMedia('(min-width: 70rem)');
  const fold = () => { chapters.open = wide.matches; };
  fold();
  wide.addEventListener('change', fold);
  chapters.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });

  // The last heading above the middle of the upper half.
  const links = new Map([...chapters.querySelectorAll('.contents a[href^="#"]')]
    .map(link => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]));
  links.delete(null);
  const here = () => {
    const passed = [...links.keys()].filter(heading => heading.getBoundingClientRect().top < innerHeight / 4);
    for (const link of links.values()) link.removeAttribute('aria-current');
    links.get(passed.at(-1))?.setAttribute('aria-current', 'location');
  };
  here();
  let waits = false;
  addEventListener('scroll', () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; here(); });
  }, { passive: true });
  for (const link of links.values())
    link.addEventListener('click', () => { if (!wide.matches) chapters.open = false; });
}

if (!CSS.supports('selector(::details-content)')) {
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('main details:not([open])')];
    for (const folded of opened) folded.open = true;
  });
  addEventListener('afterprint', () => { for (const folded of opened) folded.open = false; });
}
