// What the pages do beyond showing: copy code, scroll by keyboard, fold the table of contents on a narrow screen.
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

function makeScrollable() {
  for (const box of document.querySelectorAll('pre, .wide, .output'))
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
}

makeScrollable();
addEventListener('resize', makeScrollable);

const contents = document.querySelector('.contents details');
if (contents) {
  const wide = matchMedia('(min-width: 70rem)');
  const fold = () => { contents.open = wide.matches; };
  fold();
  wide.addEventListener('change', fold);
}
