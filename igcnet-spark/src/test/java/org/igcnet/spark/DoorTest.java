package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DoorTest {
  private static final String HERE = InetAddress.getLoopbackAddress().getHostAddress();
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void theAddressHasTheNameForOthersAndThePortOfTheSystem() {
    try (Door door = Door.open(HERE, "name-for-others", Secret.drawn())) {
      assertThat(door.address()).matches("name-for-others:[1-9][0-9]*");
    }
  }

  @Test
  void whoKnowsTheSecretIsLetIn() throws Exception {
    Secret secret = Secret.drawn();
    try (Door door = Door.open(HERE, HERE, secret);
        var caller = Door.call(door.address(), "the driver", 3, secret, LONG);
        var opened = door.caller(3, "worker 4", LONG)) {
      assertThat(opened.getRemoteAddress()).isEqualTo(caller.getLocalAddress());
    }
  }

  @Test
  void anAddressOfAnotherMachineCannotBeBound() {
    assertThatThrownBy(() -> Door.open("192.0.2.1", "host", Secret.drawn()))
        .isInstanceOf(LostConnection.class)
        .hasMessageStartingWith("cannot wait for connections at 192.0.2.1: ")
        .hasMessageEndingWith(
            "; spark.driver.host, or SPARK_LOCAL_IP of a worker, names an address of the machine");
  }

  @Test
  void aPortAtWhichNobodyIsCannotBeCalled() {
    String nobody = HERE + ":1";
    assertThatThrownBy(() -> Door.call(nobody, "the driver", 1, Secret.drawn(), LONG))
        .isInstanceOf(LostConnection.class)
        .hasMessage("cannot connect to the driver at %s: Connection refused", nobody);
  }

  @Test
  void aHostThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> Door.call("no.invalid:7", "worker 1", 1, Secret.drawn(), LONG))
        .isInstanceOf(LostConnection.class)
        .hasMessageStartingWith("cannot connect to worker 1 at no.invalid:7: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aWorkerIsCalledByItsRankAndItsAddress(int rank) {
    assertThat(Links.name(rank, List.of("a:1", "b:2", "[::1]:3")))
        .isEqualTo(rank == 0 ? "worker 1 of 3 at a:1" : "worker 3 of 3 at [::1]:3");
  }

  @Test
  void aProofIsGoodForOneSecretOneSideOneRankAndTheChallengesOfBoth() {
    Secret secret = Secret.drawn();
    byte[] asked = Secret.challenge();
    byte[] own = Secret.challenge();
    byte[] proof = secret.proof("caller", 1, asked, own);
    assertThat(proof).hasSize(Secret.BYTES);
    assertThat(Secret.same(proof, secret.proof("caller", 1, asked, own))).isTrue();
    assertThat(
            List.of(
                Secret.drawn().proof("caller", 1, asked, own),
                secret.proof("opener", 1, asked, own),
                secret.proof("caller", 2, asked, own),
                secret.proof("caller", 1, own, asked),
                secret.proof("caller", 1, asked, asked)))
        .noneMatch(other -> Secret.same(other, proof));
  }
}
