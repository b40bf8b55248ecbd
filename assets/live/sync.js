// The bound inputs own what is shown. Edits run ahead of them here, and are told on release.
//
// Every edit has a number, and Python sends back the last one it took. Until that is the newest,
// Python's data is older than what the reader sees and waits; what is not known to have arrived is
// sent again with the next edit, since of two that arrive together only the later is kept.

const KEYS_REST = 250; // ms without a key before Python is told

// `adopt(data)` shows Python's data as the new `stage.view`; `paint()` draws it.
export function createSync(stage, adopt, paint) {
  let tell = () => {};
  let edits = 0;
  let taken = null; // the last edit that Python took
  let dirty = {}; // changed, not yet told
  let pending = {}; // told, not yet taken
  let waiting = null; // data that came while the reader was at work
  let undo = null; // what a drag began with
  let dragging = false;
  let resting = 0;

  function accept(data, send) {
    tell = send;
    if (taken === null || data.ack < taken) [edits, pending] = [data.ack, {}]; // a new session
    taken = data.ack;
    if (taken >= edits) pending = {};
    if (stage.view && (dragging || resting || taken < edits)) {
      waiting = data;
      if (!dragging && !resting) send({ n: edits, ...pending });
    } else {
      waiting = null;
      adopt(data);
    }
  }

  function change(patch) {
    Object.assign(stage.view, patch);
    Object.assign(dirty, patch);
    paint();
  }

  function grab() {
    clearTimeout(resting);
    resting = 0;
    dragging = true;
    undo = { view: { ...stage.view }, dirty: { ...dirty } };
  }

  function release() {
    clearTimeout(resting);
    resting = 0;
    dragging = false;
    if (Object.keys(dirty).length) {
      Object.assign(pending, dirty, { layers: stage.view.layers });
      dirty = {};
      tell({ n: ++edits, ...pending });
    } else if (waiting && waiting.ack >= edits) {
      adopt(waiting);
      waiting = null;
    }
    paint();
  }

  // The browser took the drag over, to scroll the page: nothing has happened.
  function cancel() {
    if (!dragging) return;
    stage.view = { ...stage.view, ...undo.view };
    dirty = undo.dirty;
    release();
  }

  function settle() {
    clearTimeout(resting);
    resting = setTimeout(release, KEYS_REST);
  }

  // Keys are at rest when the reader goes elsewhere.
  function leave() {
    if (resting) release();
  }

  return { accept, change, grab, release, cancel, settle, leave, stop: () => clearTimeout(resting), isDragging: () => dragging };
}
