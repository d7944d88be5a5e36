/* Progress of a file on its way. Forms with data-upload-progress; without this script they are sent as usual. */
'use strict';

for (const form of document.querySelectorAll('form[data-upload-progress]')) {
  const box = form.querySelector('[data-upload]');
  if (box && window.FormData) form.addEventListener('submit', (event) => send(event, form, box));
}

async function send(event, form, box) {
  const files = [...form.querySelectorAll('input[type=file]')].some((input) => input.files.length);
  if (event.defaultPrevented || !files) return;
  event.preventDefault();
  const text = box.querySelector('[data-upload-text]');
  const bar = box.querySelector('progress');
  const buttons = form.querySelectorAll('button[type=submit]');
  const data = new FormData(form);
  if (event.submitter && event.submitter.name) data.append(event.submitter.name, event.submitter.value);
  box.hidden = false;
  for (const button of buttons) button.disabled = true;
  say(0);
  // What is typed elsewhere on the page is kept before the page changes.
  if (window.portalKeep) await window.portalKeep.all();

  const request = new XMLHttpRequest();
  request.open('POST', form.getAttribute('action') || location.href);
  let said = 0;
  request.upload.addEventListener('progress', (progress) => {
    if (!progress.lengthComputable) return;
    const percent = Math.floor(100 * progress.loaded / progress.total);
    bar.value = percent;
    if (percent - said >= 10) { said = percent; say(percent); }
  });
  request.upload.addEventListener('load', () => { bar.removeAttribute('value'); text.textContent = box.dataset.reading; });
  request.addEventListener('load', () => {
    // A step that worked led on to another address; anything else is a page to show in place of this one.
    if (request.status < 400 && request.responseURL && request.responseURL !== location.href) {
      location.assign(request.responseURL);
      return;
    }
    if (!(request.getResponseHeader('Content-Type') || '').startsWith('text/html')) { fail(); return; }
    const page = new DOMParser().parseFromString(request.responseText, 'text/html');
    const main = page.querySelector('main');
    if (!main) { fail(); return; }
    // A form whose answer stands on the same address says so; any other has come back to a page that changed.
    const answer = form.dataset.uploadProgress === 'answer';
    if (request.status < 400 && !answer && !main.querySelector('.ds-error-summary, .mk-errors')) { location.reload(); return; }
    document.querySelector('main').replaceWith(main);
    document.title = page.title;
    if (window.portalKeep) window.portalKeep.within(main);
    const summary = main.querySelector('[data-focus]') || main;
    summary.focus();
    for (const next of main.querySelectorAll('form[data-upload-progress]')) {
      const nextBox = next.querySelector('[data-upload]');
      if (nextBox) next.addEventListener('submit', (again) => send(again, next, nextBox));
    }
  });
  request.addEventListener('error', fail);
  request.addEventListener('timeout', fail);
  request.send(data);

  function say(percent) {
    text.textContent = box.dataset.sending + ': ' + percent + '\u00a0%';
  }

  function fail() {
    text.textContent = box.dataset.failed;
    bar.value = 0;
    delete form.dataset.sent;
    for (const button of buttons) button.disabled = false;
  }
}
