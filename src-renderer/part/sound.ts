/** What a sound tells: something was taken in, or it was not. */
export type Sound = 'taken' | 'refused';

const tones: Record<Sound, readonly { at: number; hertz: number; seconds: number }[]> = {
  taken: [{ at: 0, hertz: 1320, seconds: 0.07 }],
  refused: [
    { at: 0, hertz: 220, seconds: 0.14 },
    { at: 0.18, hertz: 196, seconds: 0.2 },
  ],
};

let output: AudioContext | null = null;

/**
 * Plays a short tone, so that whoever scans need not look up. A machine without sound stays silent: the colour
 * and the words on the screen say the same.
 */
export function play(sound: Sound): void {
  if (typeof AudioContext === 'undefined') return;
  output ??= new AudioContext();
  for (const tone of tones[sound]) {
    const start = output.currentTime + tone.at;
    const oscillator = output.createOscillator();
    const volume = output.createGain();
    oscillator.frequency.value = tone.hertz;
    oscillator.type = sound === 'taken' ? 'sine' : 'square';
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + tone.seconds);
    oscillator.connect(volume).connect(output.destination);
    oscillator.start(start);
    oscillator.stop(start + tone.seconds);
  }
}
