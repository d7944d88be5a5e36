/* Keeps what is typed: forms with data-autosave-url are posted there ten seconds after a change, and when the page
   is hidden. The button of the form saves without this script too. */
'use strict';

const EVERY = 10000;

// upload.js asks both: keep what is typed before a file leaves, and take care of the forms of a page put in place.
const savers = new Map();
window.portalKeep = {
  all: () => Promise.all([...savers.values()].map((save) => save())),
  within: (part) => { for (const form of part.querySelectorAll('form[data-autosave-url]')) keep(form); },
};
window.portalKeep.within(document);

// Signed in again in another window: this page then goes on with the token of a fresh one.
async function signedInAgain() {
  const answer = await fetch(location.href, { redirect: 'manual', headers: { 'X-Requested-With': 'XMLHttpRequest' } });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('form[data-autosave-url] input[name=csrfmiddlewaretoken]');
  if (!fresh) return false;
  for (const token of document.querySelectorAll('input[name=csrfmiddlewaretoken]')) token.value = fresh.value;
  return true;
}

function keep(form) {
  const status = form.querySelector('[data-autosave-status]') || document.querySelector('[data-autosave-status]');
  let version = 0;
  let stored = 0;
  let timer = 0;
  let busy = false;
  let stopped = false;
  let submitting = false;

  form.addEventListener('input', () => { version += 1; plan(EVERY); });
  form.addEventListener('submit', () => { submitting = true; clearTimeout(timer); });
  document.addEventListener('visibilitychange', () => { if (document.hidden && version > stored) save(true); });
  window.addEventListener('online', () => { if (version > stored) save(); });
  window.addEventListener('pageshow', () => { submitting = false; });
  window.addEventListener('beforeunload', (event) => {
    if (version > stored && !submitting) { save(true); event.preventDefault(); }
  });

  for (const known of savers.keys()) if (!known.isConnected) savers.delete(known);
  savers.set(form, async () => { if (version > stored) await save(); });

  function plan(after) {
    if (stopped || timer) return;
    timer = setTimeout(() => { timer = 0; save(); }, after);
  }

  async function save(leaving = false) {
    if (busy || stopped || submitting) return;
    busy = true;
    const saving = version;
    const data = new FormData(form);
    for (const input of form.querySelectorAll('input[type=file]')) data.delete(input.name);
    try {
      if (!leaving) say('saving');
      const answer = await fetch(form.dataset.autosaveUrl, {
        method: 'POST', body: data, keepalive: leaving, redirect: 'manual',
        headers: { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' },
      });
      if (answer.ok) {
        stored = saving;
        const reply = await answer.json().catch(() => ({}));
        // The next saving builds on what is stored now (optimistic lock).
        const lock = form.querySelector('input[name=version]');
        if (lock && reply.version !== undefined) lock.value = reply.version;
        say('saved', reply.saved_at || new Date().toTimeString().slice(0, 5));
      } else if (answer.status === 409) {
        stopped = true;
        say('conflict', '', 'danger');
      } else if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
        say('signedOut', '', 'danger');
        if (!leaving && await signedInAgain()) plan(1000);
      } else {
        say('refused', '', 'danger');
      }
    } catch {
      say('offline', '', 'warning');
    }
    busy = false;
    if (version > stored) plan(EVERY);
  }

  function say(what, time = '', tone = '') {
    if (!status) return;
    const words = (status.dataset[what] || '').replace('{time}', time);
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle('mk-autosave--alarm', Boolean(tone));
  }
}
