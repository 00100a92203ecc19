//! The Sun and the four large planets under Newton's gravitation, in `f64`.
//!
//! Lengths are astronomical units, times years, masses solar masses; the constant of gravitation is 4π² then
//! (Kepler's third law for the Earth). The planets start on circular orbits of their mean radii, each at a
//! point of the unit circle with rational coordinates. Steps are those of the leapfrog method (Verlet's, with
//! velocities half a step ahead of positions), which is symplectic: the energy oscillates and does not drift.

use core::f64::consts::PI;

/// The constant of gravitation.
const G: f64 = 4.0 * PI * PI;
/// Years in a step.
const STEP: f64 = 1.0 / 128.0;
/// Number of bodies, the Sun being the first.
const BODIES: usize = 5;

/// A planet at the start.
struct Orbit {
    mass: f64,
    radius: f64,
    /// Direction from the Sun, of length 1.
    direction: Vector,
    /// Direction of flight, of length 1, at a right angle to the former.
    flight: Vector,
}

/// Jupiter, Saturn, Uranus and Neptune.
const ORBITS: [Orbit; BODIES - 1] = [
    Orbit { mass: 1.0 / 1047.35, radius: 5.203, direction: Vector([1.0, 0.0, 0.0]), flight: Vector([0.0, 1.0, 0.0]) },
    Orbit { mass: 1.0 / 3497.9, radius: 9.537, direction: Vector([0.6, 0.8, 0.0]), flight: Vector([-0.8, 0.6, 0.0]) },
    Orbit {
        mass: 1.0 / 22_903.0,
        radius: 19.19,
        direction: Vector([0.0, -0.96, 0.28]),
        flight: Vector([1.0, 0.0, 0.0]),
    },
    Orbit {
        mass: 1.0 / 19_412.0,
        radius: 30.07,
        direction: Vector([-1.0, 0.0, 0.0]),
        flight: Vector([0.0, -1.0, 0.0]),
    },
];

/// The bits of the system's energy, an `f64`, after `steps` steps.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn nbody(steps: u32) -> u64 {
    let mut system = System::new();
    system.advance(steps);
    system.energy().to_bits()
}

#[derive(Clone, Copy)]
struct Body {
    mass: f64,
    position: Vector,
    velocity: Vector,
}

struct System([Body; BODIES]);

impl System {
    /// The start, seen from the centre of mass' frame of motion: the momenta add up to zero.
    fn new() -> Self {
        let sun = Body { mass: 1.0, position: Vector::ZERO, velocity: Vector::ZERO };
        let mut bodies = [sun; BODIES];
        for (body, orbit) in bodies[1..].iter_mut().zip(&ORBITS) {
            let speed = (G / orbit.radius).sqrt();
            body.mass = orbit.mass;
            body.position = orbit.direction.scaled(orbit.radius);
            body.velocity = orbit.flight.scaled(speed);
        }
        let momentum = momentum(&bodies);
        bodies[0].velocity = momentum.scaled(-1.0 / bodies[0].mass);
        Self(bodies)
    }

    fn advance(&mut self, steps: u32) {
        if steps == 0 {
            return;
        }
        self.kick(STEP / 2.0);
        for _ in 1..steps {
            self.drift(STEP);
            self.kick(STEP);
        }
        self.drift(STEP);
        self.kick(STEP / 2.0);
    }

    /// Moves every body along its velocity.
    fn drift(&mut self, years: f64) {
        for body in &mut self.0 {
            body.position = body.position.plus(body.velocity.scaled(years));
        }
    }

    /// Lets gravitation change the velocities.
    fn kick(&mut self, years: f64) {
        for second in 1..BODIES {
            for first in 0..second {
                let (near, far) = (self.0[first], self.0[second]);
                let distance = far.position.plus(near.position.scaled(-1.0));
                let square = distance.square();
                let pull = distance.scaled(G * years / (square * square.sqrt()));
                self.0[first].velocity = near.velocity.plus(pull.scaled(far.mass));
                self.0[second].velocity = far.velocity.plus(pull.scaled(-near.mass));
            }
        }
    }

    /// Kinetic and potential energy, in solar masses times square units per square year.
    fn energy(&self) -> f64 {
        let mut energy = 0.0;
        for (index, body) in self.0.iter().enumerate() {
            energy += body.mass * body.velocity.square() / 2.0;
            for other in &self.0[..index] {
                let distance = body.position.plus(other.position.scaled(-1.0));
                energy -= G * body.mass * other.mass / distance.square().sqrt();
            }
        }
        energy
    }
}

fn momentum(bodies: &[Body]) -> Vector {
    bodies.iter().fold(Vector::ZERO, |sum, body| sum.plus(body.velocity.scaled(body.mass)))
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Vector([f64; 3]);

impl Vector {
    const ZERO: Self = Self([0.0; 3]);

    fn plus(self, other: Self) -> Self {
        let ([x, y, z], [dx, dy, dz]) = (self.0, other.0);
        Self([x + dx, y + dy, z + dz])
    }

    fn scaled(self, factor: f64) -> Self {
        Self(self.0.map(|part| part * factor))
    }

    /// The square of the length.
    fn square(self) -> f64 {
        let [x, y, z] = self.0;
        x * x + y * y + z * z
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orbits_are_circular() {
        for orbit in &ORBITS {
            let ([x, y, z], [u, v, w]) = (orbit.direction.0, orbit.flight.0);
            assert!((orbit.direction.square() - 1.0).abs() < 1e-15);
            assert!((orbit.flight.square() - 1.0).abs() < 1e-15);
            assert!((x * u + y * v + z * w).abs() < 1e-15);
        }
    }

    #[test]
    fn energy_and_momentum_stay() {
        let mut system = System::new();
        let before = system.energy();
        assert!(before < 0.0, "the planets are bound");
        system.advance(20_000);
        assert!(((system.energy() - before) / before).abs() < 1e-5);
        assert!(momentum(&system.0).square().sqrt() < 1e-14);
    }

    /// Jupiter is back where it began after the year that Kepler's third law gives it, disturbed a little.
    #[test]
    fn jupiter_returns() {
        let mut system = System::new();
        let start = system.0[1].position;
        let period = ORBITS[0].radius * ORBITS[0].radius.sqrt();
        system.advance((period / STEP).round() as u32);
        let sun = system.0[0].position;
        let away = system.0[1].position.plus(sun.scaled(-1.0)).plus(start.scaled(-1.0));
        assert!(away.square().sqrt() < 0.1, "{away:?}");
    }
}
