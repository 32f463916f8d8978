// Voice notes: a minute at most, heard before they are sent, fetched when somebody wants to listen.
import {button, el, moreWords, words} from './view.js';
import {on} from './sync.js';

const FORMS = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'], kept = new Map();
on('out', () => kept.clear());

export function shown({id}, {seq, media}) {
  const path = `/api/v1/conversations/${id}/entries/${seq}/media`;
  const known = words.code + path;
  if (!kept.has(known)) kept.set(known, seq ? player(path, media) : '');
  return kept.get(known);
}

const heard = blob => el('audio', {controls: '', src: URL.createObjectURL(blob)});

function player(path, media) {
  const opener = button('', play, {class: 'name'}), frame = el('div', {}, opener);
  moreWords().then(() => opener.textContent = `\u2066▶ ${media[6]}\xa0s, ${Math.ceil(media[1] / 1e3)}\xa0kB\u2069: ${words.listen}`);

  async function play() {
    opener.disabled = true;
    try {
      const answer = await fetch(path);
      if (!answer.ok) throw answer;
      const audio = heard(await answer.blob());
      audio.onerror = () => frame.textContent = words.unfit;
      opener.replaceWith(audio);
      audio.play().catch(() => {});
    } catch (problem) {
      opener.textContent = words.offline;
      opener.disabled = false;
    }
  }
  return frame;
}

export async function open(place, talk) {
  await moreWords();
  const said = [], note = el('span', {role: 'status'}), clear = () => place.textContent = '';
  let recorder, seconds = 0;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({audio: {channelCount: 1}});
    recorder = new MediaRecorder(stream, {mimeType: FORMS.find(form => MediaRecorder.isTypeSupported(form)), audioBitsPerSecond: 12000});
  } catch (problem) {
    return place.textContent = words.no_microphone;
  }
  const stop = () => recorder.state == 'recording' && recorder.stop();

  // Whoever left the screen, or changed their mind, is not recorded any longer and sends nothing.
  const clock = setInterval(() => {
    note.textContent = `● ${++seconds}\xa0s`;
    if (seconds > 59 || !note.isConnected) stop();
  }, 1000);
  recorder.ondataavailable = ({data}) => said.push(data);
  recorder.onstop = async () => {
    clearInterval(clock);
    recorder.stream.getTracks().forEach(track => track.stop());
    const blob = new Blob(said, {type: recorder.mimeType});
    if (note.isConnected) (await import('./upload.js')).offer(place, talk, blob, heard(blob));
  };
  recorder.start();
  clear();
  place.append(note, button(words.stop, stop), button(words.cancel, () => (clear(), stop())));
}
