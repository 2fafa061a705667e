// Makes a passkey, or signs in with one. The buttons stay hidden where the browser has no passkeys.
const problem = document.getElementById('passkey-problem');
const token = document.querySelector('input[name=__RequestVerificationToken]')?.value;

async function post(address, body) {
  const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json', RequestVerificationToken: token }, body: JSON.stringify(body ?? {}) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.sentence);
  return json;
}

async function use(button) {
  problem.hidden = true;
  try {
    const signIn = button.dataset.passkey === 'sign-in';
    const address = signIn ? '/passkeys/sign-in' : '/passkeys/new';
    const options = await post(`${address}/options`);
    const credential = signIn
      ? await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
      : await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
    const name = signIn ? null : navigator.userAgentData?.platform || 'Passkey';
    location.href = (await post(address, { credential: JSON.stringify(credential), name, returnUrl: button.dataset.return })).address;
  } catch (error) {
    problem.textContent = error.name === 'NotAllowedError' ? 'No passkey was chosen. Please try again, or use your password.' : error.message;
    problem.hidden = false;
  }
}

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const button of document.querySelectorAll('[data-passkey]')) {
    button.hidden = false;
    button.addEventListener('click', () => use(button));
  }
}
