package org.igcnet.serve;

/** Counts who is inside. Once it is shut nobody gets in, and who is inside can be waited for. */
final class Gate {
  private boolean shut;
  private int inside;

  /** Goes in, if it is not shut; who is in has to {@link #leave}. */
  synchronized boolean enter() {
    if (shut) {
      return false;
    }
    inside++;
    return true;
  }

  synchronized void leave() {
    inside--;
    notifyAll();
  }

  synchronized boolean isShut() {
    return shut;
  }

  synchronized void shut() {
    shut = true;
  }

  /** Waits until nobody is inside, or until a time. */
  synchronized void awaitEmpty(Deadline latest) throws InterruptedException {
    while (inside > 0 && latest.left() > 0) {
      wait(latest.left() / 1_000_000 + 1);
    }
  }
}
