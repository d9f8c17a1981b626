// Waits until all is drawn, and gives the box of each chart: left, top, width, height, and whether it is an explorer.
// Charts and explorers tell that they are drawn by taking their sentence away.
(async () => {
  const waiting = () => document.querySelector('[data-chart] > p, [data-explore] > pre');
  for (let i = 0; i < 3000 && waiting(); i++) await new Promise(done => setTimeout(done, 10));
  if (waiting()) throw new Error('a chart or an explorer was not drawn within 30 s');
  for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
  return JSON.stringify([...document.querySelectorAll('.chart')].map(chart => {
    const box = chart.getBoundingClientRect();
    const right = Math.max(...[...chart.children].map(part => part.getBoundingClientRect().right));
    const explores = chart.querySelector('[data-explore]') ? 1 : 0;
    return [box.left, box.top + scrollY, Math.ceil(right - box.left), Math.ceil(box.height), explores];
  }));
})()
