// The theme: as the system has it, light or dark. It is remembered where the browser allows that, and set before
// anything shows. Paper is light. Charts and explorers listen to the event and draw anew.
(function () {
  const name = 'gpt-embeddings-theme', themes = ['auto', 'light', 'dark'];

  function remembered() {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  }

  function use(theme) {
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    dispatchEvent(new Event(name));
  }

  use(remembered());
  let onScreen;
  addEventListener('beforeprint', () => { onScreen = document.documentElement.dataset.theme; use('light'); });
  addEventListener('afterprint', () => use(onScreen));
  document.addEventListener('DOMContentLoaded', () => {
    const label = document.createElement('label'), choice = document.createElement('select');
    label.className = 'theme';
    // Who goes back to a page finds the theme of now, not the choice of then.
    choice.autocomplete = 'off';
    for (const theme of themes) choice.add(new Option(theme, theme));
    choice.value = document.documentElement.dataset.theme || 'auto';
    choice.addEventListener('change', () => {
      use(choice.value);
      try {
        localStorage.setItem(name, choice.value);
      } catch {
        // Pages from the file system may have no memory: the theme lasts as long as the page.
      }
    });
    label.append('Theme ', choice);
    document.querySelector('.top').append(label);
  });
})();
