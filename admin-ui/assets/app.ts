// Small conveniences on top of pages that are complete without them. Each function looks for its own marks in the page and
// does nothing when they are absent. Nothing here decides anything, and nothing here is required.

const announcer = (): HTMLElement | null => document.getElementById("app-status");

function announce(words: string): void {
  const region = announcer();
  if (region) region.textContent = words;
}

/** After a refused form the error summary takes the focus, so that it is read first. */
function focusErrors(): void {
  const summary = document.querySelector<HTMLElement>(".nhsuk-error-summary");
  if (summary) summary.focus();
  else document.querySelector<HTMLElement>("[data-focus]")?.focus();
}

/** The error links put the focus inside the field, not only near it. */
function followErrorLinks(): void {
  document.querySelector(".nhsuk-error-summary")?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView();
    (field.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${field.id}"]`))?.scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.addEventListener("click", () => {
      void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(
        () => announce(`Copied ${button.dataset["copyName"] ?? ""}`.trim()),
        () => announce("Your browser did not let us copy. Select the text instead."),
      );
    });
  }
}

function characterCounts(): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-max]")) {
    const message = document.getElementById(`${area.id}-count`);
    const most = Number(area.dataset["max"]);
    if (!message || !Number.isFinite(most)) continue;
    let pending = 0;
    const show = (): void => {
      const left = most - [...area.value].length;
      const n = Math.abs(left);
      const unit = n === 1 ? "character" : "characters";
      message.textContent = left >= 0 ? `You have ${n} ${unit} left` : `You have ${n} ${unit} too many`;
      message.classList.toggle("nhsuk-error-message", left < 0);
    };
    show();
    area.addEventListener("input", () => {
      show();
      window.clearTimeout(pending);
      pending = window.setTimeout(() => announce(message.textContent ?? ""), 1200);
    });
  }
}

/** Ctrl or Cmd with Enter saves the form the cursor is in. */
function saveKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = (event.target as Element | null)?.closest("form");
    if (form && form.method === "post") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

/** A second press while the first is on its way does nothing; the server would ignore it anyway. */
function pressOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post") return;
    if (form.dataset["sent"]) event.preventDefault();
    form.dataset["sent"] = "yes";
  });
  // Coming back with the browser's Back button must not leave a dead form behind.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset["sent"];
  });
}

function tickAll(): void {
  for (const all of document.querySelectorAll<HTMLInputElement>("input[data-tick-all]")) {
    const boxes = [...document.querySelectorAll<HTMLInputElement>(`input[name="${all.dataset["tickAll"] ?? ""}"]`)];
    const told = document.getElementById("app-ticked");
    const count = (): void => {
      const n = boxes.filter((box) => box.checked).length;
      all.checked = n > 0 && n === boxes.length;
      all.indeterminate = n > 0 && n < boxes.length;
      if (told) told.textContent = `${n} of ${boxes.length} on this page ticked`;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      count();
    });
    for (const box of boxes) box.addEventListener("change", count);
    count();
  }
}

interface Version { version: number; changedBy?: string; changedAgo?: string }

/** Says, politely, that somebody else changed the record that is open here. Gives up quietly when it cannot ask. */
function watchChanges(): void {
  const mark = document.querySelector<HTMLElement>("[data-watch]");
  const address = mark?.dataset["watch"];
  if (!mark || !address) return;
  const known = Number(mark.dataset["version"]);
  let failures = 0;
  const timer = window.setInterval(() => {
    if (document.hidden) return;
    fetch(address, { headers: { accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? (answer.json() as Promise<Version>) : Promise.reject(new Error(String(answer.status)))))
      .then((now) => {
        failures = 0;
        if (now.version === known) return;
        window.clearInterval(timer);
        mark.textContent = `Changed by ${now.changedBy ?? "somebody else"} ${now.changedAgo ?? "just now"}. `;
        const again = document.createElement("a");
        again.href = window.location.href;
        again.textContent = "Show the newest version";
        mark.append(again);
      })
      .catch(() => {
        failures += 1;
        if (failures >= 3) window.clearInterval(timer);
      });
  }, 30_000);
}

/** Two minutes before the session locks, offers one press to stay. Any press or key on the page counts as being here. */
function idleWarning(): void {
  const dialog = document.getElementById("app-idle");
  const minutes = Number(document.body.dataset["idleMinutes"]);
  if (!(dialog instanceof HTMLDialogElement) || !(minutes > 2)) return;
  let timer = 0;
  const start = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => dialog.showModal(), (minutes - 2) * 60_000);
  };
  dialog.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    delete form.dataset["sent"];
    fetch(form.action, { method: "POST", credentials: "same-origin", body: new URLSearchParams(new FormData(form) as never) })
      .then((answer) => (answer.ok ? announce("You are still signed in") : window.location.reload()))
      .catch(() => announce("We could not reach Trellis. What you typed is still on this page."))
      .finally(() => { dialog.close(); start(); });
  });
  start();
}

/** Five minutes before the session ends whatever happens. A tab that slept longer is not asked: its next press says so. */
function endWarning(): void {
  const dialog = document.getElementById("app-ending");
  const left = Date.parse(document.body.dataset["endsAt"] ?? "") - Date.now() - 5 * 60_000;
  // A browser counts milliseconds in 31 bits; no session is that long.
  if (!(dialog instanceof HTMLDialogElement) || !(left > 0) || left > 2 ** 31 - 1) return;
  dialog.querySelector("button")?.addEventListener("click", () => dialog.close());
  window.setTimeout(() => { if (!dialog.open) dialog.showModal(); }, left);
}

type Words = Record<string, unknown>;
interface Asked { challenge: string; options: { publicKey: Words } }

function bytesOf(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function textOf(bytes: ArrayBuffer | null): string | null {
  if (!bytes) return null;
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** The server writes bytes as text; the browser wants bytes. */
function withBytes(asked: Words): Words {
  const keys = (list: unknown): unknown =>
    Array.isArray(list) ? list.map((key: { id: string }) => ({ ...key, id: bytesOf(key.id) })) : undefined;
  const user = asked["user"] as { id: string } | undefined;
  return {
    ...asked,
    challenge: bytesOf(String(asked["challenge"])),
    ...(user ? { user: { ...user, id: bytesOf(user.id) } } : {}),
    ...(asked["allowCredentials"] ? { allowCredentials: keys(asked["allowCredentials"]) } : {}),
    ...(asked["excludeCredentials"] ? { excludeCredentials: keys(asked["excludeCredentials"]) } : {}),
  };
}

function asText(given: PublicKeyCredential): string {
  const { response } = given;
  const told =
    response instanceof AuthenticatorAttestationResponse
      ? { attestationObject: textOf(response.attestationObject), transports: response.getTransports() }
      : response instanceof AuthenticatorAssertionResponse
        ? { authenticatorData: textOf(response.authenticatorData), signature: textOf(response.signature), userHandle: textOf(response.userHandle) }
        : {};
  return JSON.stringify({
    id: given.id,
    rawId: textOf(given.rawId),
    type: given.type,
    extensions: given.getClientExtensionResults(),
    response: { ...told, clientDataJSON: textOf(response.clientDataJSON) },
  });
}

/** Asks the device what the server asks, and puts its answer into the form. */
async function askDevice(form: HTMLFormElement): Promise<boolean> {
  const use = form.dataset["passkey"] ?? "";
  const answer = await fetch("/passkey/options", { method: "POST", credentials: "same-origin", body: new URLSearchParams({ use }) });
  const asked = (await answer.json()) as Asked & { message?: string; first?: string | null };
  if (asked.first) window.location.assign(asked.first);
  if (!answer.ok) throw new Error(asked.message ?? "");
  const publicKey = withBytes(asked.options.publicKey) as never;
  const given = use === "REGISTER" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  if (!(given instanceof PublicKeyCredential)) return false;
  const put = (name: string, value: string): void => {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  };
  put("challenge", asked.challenge);
  put("answer", asText(given));
  return true;
}

/** Ways that need a device are shown where the browser can ask one. */
function passkeys(): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    form.hidden = false;
    let answered = false;
    form.addEventListener("submit", (event) => {
      if (answered) return;
      event.preventDefault();
      // The press is not counted: it has sent nothing yet.
      event.stopPropagation();
      askDevice(form).then(
        (given) => {
          if (!given) return;
          answered = true;
          form.requestSubmit();
        },
        (problem: unknown) => {
          const words = problem instanceof Error && !(problem instanceof DOMException) ? problem.message : "";
          announce(words || "Your device did not answer. Try again, or use another way.");
        },
      );
    });
  }
}

document.documentElement.classList.add("app-scripted");
for (const start of [focusErrors, followErrorLinks, copyButtons, characterCounts, saveKeys, pressOnce, tickAll, watchChanges, idleWarning, endWarning, passkeys]) start();
