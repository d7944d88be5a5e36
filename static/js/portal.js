/* Niceties of every page. Each part leaves the page working when it does not run. */
'use strict';

// Links to sign-in come back to this page; the language switch of a page without alternates keeps its address.
for (const link of document.querySelectorAll('a[data-next-here]')) {
  const url = new URL(link.href);
  url.searchParams.set('next', location.pathname + location.search);
  link.href = url.pathname + url.search;
}
for (const link of document.querySelectorAll('a[data-lang-here]')) {
  const path = location.pathname.replace(/^\/(ky|ru|en)\//, '/' + link.hreflang + '/');
  if (path !== location.pathname || link.getAttribute('aria-current')) link.href = path + location.search;
}

// After a refused form the summary of what to mend is read first.
const summary = document.querySelector('[data-focus]');
if (summary) summary.focus();

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-print], [data-copy]');
  if (!target) {
    // A menu closes when the reader clicks elsewhere.
    for (const menu of document.querySelectorAll('.mk-menu[open], .mk-account[open]')) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    return;
  }
  if (target.matches('[data-print]')) window.print();
  else copy(target);
});

// The lasting address of a provision: a press copies it; without a script the link leads to it.
document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[data-copy-link]');
  if (!link || !navigator.clipboard || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
  } catch {
    location.assign(link.href);
    return;
  }
  const mark = link.firstElementChild;
  const said = document.querySelector('#mk-said') || document.body.appendChild(document.createElement('p'));
  Object.assign(said, { id: 'mk-said', className: 'ds-sr-only', role: 'status' });
  said.textContent = link.dataset.copyLink;
  mark.textContent = link.dataset.copyLink;
  link.dataset.said = '';
  setTimeout(() => { mark.textContent = '¶'; said.textContent = ''; delete link.dataset.said; }, 3000);
});

// A link to a remark that is folded unfolds it, where the browser does not do it by itself.
function unfold() {
  let place = location.hash && document.getElementById(location.hash.slice(1));
  const target = place;
  let folded = false;
  for (; place; place = place.parentElement) {
    if (place.matches('details:not([open])')) { place.open = true; folded = true; }
  }
  if (folded) target.scrollIntoView();
}
// A long text is shown in pieces: an address that names a provision of another piece leads there.
function piece() {
  const url = new URL(location.href);
  const eid = url.hash.slice(1);
  if (!/^(part|sec|chp|art|para|point|al|note|att|preamble|signature|closing)(_|$)/.test(eid)) return;
  if (!document.querySelector('[data-pieces]') || document.getElementById(eid)) return;
  if (url.searchParams.get('in') === eid) return;
  url.searchParams.set('in', eid);
  url.searchParams.delete('at');
  location.replace(url);
}
window.addEventListener('hashchange', piece);
piece();
window.addEventListener('hashchange', unfold);
unfold();

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('.mk-menu[open], .mk-account[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

for (const button of document.querySelectorAll('[data-print], [data-copy]')) {
  if (button.matches('[data-print]') || navigator.clipboard) button.hidden = false;
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    const word = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = word; }, 4000);
  } catch { button.hidden = true; }
}

// Typed and not sent: the browser asks before the page is left.
for (const form of document.querySelectorAll('form[data-unsaved]')) {
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  form.addEventListener('submit', () => { changed = false; });
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
}

// One press, one sending: a second press while the first is on its way does nothing.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = '1';
  window.addEventListener('pageshow', () => { delete form.dataset.sent; }, { once: true });
  setTimeout(() => { delete form.dataset.sent; }, 15000);
});

// Filters open by themselves on a desk where the browser cannot do it in CSS.
if (!CSS.supports('selector(::details-content)') && matchMedia('(min-width: 60rem)').matches) {
  for (const box of document.querySelectorAll('.mk-filterbox, .mk-outlinebox')) box.open = true;
}
