/* The button that uses a passkey in place of a code, or makes a new one. Without this script it is not seen. */
'use strict';

if (window.PublicKeyCredential && navigator.credentials) {
  for (const box of document.querySelectorAll('[data-passkey]')) {
    box.hidden = false;
    box.querySelector('button').addEventListener('click', () => use(box));
    // Enter in the name of a new passkey is the same as the button.
    if (box.dataset.passkey === 'create') box.closest('form').addEventListener('submit', (event) => {
      if (box.querySelector('input').value || box.dataset.refused) return;
      event.preventDefault();
      use(box);
    });
  }
  for (const words of document.querySelectorAll('[data-no-passkey]')) words.hidden = true;
}

async function use(box) {
  const form = box.closest('form');
  const field = box.querySelector('input[name=passkey_code]');
  const button = box.querySelector('button');
  const code = form.querySelector('input[name=code]');
  const needed = Boolean(code && code.required);
  // The passkey stands for the code; everything else in the form is looked at before the device asks for a finger.
  if (code) code.required = false;
  if (!form.noValidate && !form.reportValidity()) { if (code) code.required = needed; return; }
  say('waiting');
  button.disabled = true;
  try {
    const options = await asked(box, form);
    if (options) {
      const making = box.dataset.passkey === 'create';
      const credential = making
        ? await navigator.credentials.create({ publicKey: read(options, 'parseCreationOptionsFromJSON') })
        : await navigator.credentials.get({ publicKey: read(options, 'parseRequestOptionsFromJSON') });
      field.value = JSON.stringify(written(credential));
    }
    else box.dataset.refused = '1';
    say('');
    window.addEventListener('pageshow', () => { field.value = ''; }, { once: true });
    // Where the portal refused to ask, the form is sent as it is: its answer says why, and what was typed is kept.
    form.requestSubmit(form.querySelector('button[type=submit]'));
  } catch (problem) {
    field.value = '';
    say(problem.name === 'InvalidStateError' ? 'known' : problem instanceof TypeError ? 'offline' : 'stopped');
  }
  if (code) code.required = needed;
  button.disabled = false;

  function say(what) {
    box.querySelector('[role=status]').textContent = what ? box.dataset[what] || '' : '';
  }
}

async function asked(box, form) {
  const address = new URL(box.dataset.url, location.href);
  address.searchParams.set('for', new URL(form.getAttribute('action') || location.href, location.href).pathname);
  const answer = await fetch(address, {
    method: 'POST', redirect: 'manual',
    headers: { 'X-CSRFToken': form.querySelector('input[name=csrfmiddlewaretoken]').value, Accept: 'application/json' },
  });
  return answer.ok ? answer.json() : null;
}

// Browsers before 2025 do not read and write JSON themselves.
function read(options, parse) {
  if (PublicKeyCredential[parse]) return PublicKeyCredential[parse](options);
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const known = (list) => list && list.map((one) => ({ ...one, id: bytes(one.id) }));
  const ready = { ...options, challenge: bytes(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) ready.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) ready.allowCredentials = known(options.allowCredentials);
  return ready;
}

function written(credential) {
  if (credential.toJSON) {
    try { return credential.toJSON(); } catch { /* some password managers pretend to */ }
  }
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} };
}
