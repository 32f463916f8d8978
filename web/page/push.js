// Where notices come in on this browser: a subscription of its own, which the server knows and which goes with whoever signs out.
import {rest} from './sync.js';
import {keepValue, keptValue} from './store.js';

const ADDRESSES = '/api/v1/notices/addresses';

export const canNotify = () => 'PushManager' in self && 'Notification' in self && !!navigator.serviceWorker;

const registered = async () => canNotify() && await navigator.serviceWorker.getRegistration();

export async function subscription() {
  const worker = await registered();
  return worker && worker.pushManager.getSubscription();
}

const fromBase64 = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt());

// One that was made with another key of the server is worth nothing.
async function subscribed(worker, key) {
  const old = await worker.pushManager.getSubscription(), said = old && old.options && old.options.applicationServerKey;
  if (said && String(new Uint8Array(said)) == String(key)) return old;
  if (old) await old.unsubscribe();
  return worker.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key});
}

// From now on this browser shows notices. The browser asks whether that is allowed.
export async function turnOn(vapid) {
  if (await Notification.requestPermission() != 'granted') throw {code: 'refused'};
  const found = await subscribed(await navigator.serviceWorker.ready, fromBase64(vapid));
  await rest('POST', ADDRESSES, {kind: 'webpush', value: found.toJSON()});
  await keepValue('push', found.endpoint);
}

export async function turnOff(addresses) {
  for (const {id, this_device, kind} of addresses) if (this_device && kind == 'webpush') await rest('DELETE', `${ADDRESSES}/${id}`);
  const found = await subscription();
  if (found) await found.unsubscribe();
  await keepValue('push', '');
}

// Browsers give a new subscription at times, and tell nobody: looked at once a visit.
export async function keepOn() {
  const known = await keptValue('push'), found = known && Notification.permission == 'granted' && await subscription();
  if (!known || found === undefined || found && found.endpoint == known) return;
  const {vapid} = await rest('GET', '/api/v1/notices');
  if (vapid && Notification.permission == 'granted') await turnOn(vapid);
}
