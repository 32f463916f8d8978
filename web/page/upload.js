// From a photo or a recording to a message: its size first, then the upload, then the message.
import {button, el, fill, words} from './view.js';
import {send} from './sync.js';

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => (byte + 256).toString(16).slice(1)).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

// As an entry tells it, and its id behind that.
const told = ({kind, small, large, preview = '', width, height, seconds, media}) =>
  [+(kind == 'voice'), small, large, Uint8Array.from(atob(preview), sign => sign.charCodeAt()), width, height, seconds, media];

export function offer(place, {id, slot}, blob, shown) {
  const request = new XMLHttpRequest(), path = `/api/v1/conversations/${id}/media/${newId()}`;
  const note = el('span', {role: 'status'}, fill(words.size, Math.ceil(blob.size / 1e3)));
  const clear = () => place.textContent = '';
  // Trying again sends the same bytes under the same id: the server keeps them once.
  const submit = button(words.send, () => {
    submit.disabled = true;
    request.open('PUT', path);
    request.responseType = 'json';
    request.send(blob);
  }, {class: 'go'});
  request.upload.onprogress = ({loaded, total}) => note.textContent = fill(words.uploading, Math.floor(loaded / total * 100));
  request.onload = request.onerror = async () => {
    const said = request.response || {};
    if (said.media) return await send(slot, '', told(said)), clear();
    note.textContent = words[said.code] || words.offline;
    submit.disabled = false;
  };
  clear();
  place.append(shown, note, submit, button(words.cancel, () => (request.abort(), clear())));
  submit.focus();
}
