// The pieces of a case. What is not reckoned here comes from a file of parameters that `python -m hardware.render`
// writes from case.toml: x to the right, y upwards, seen from the front; a depth d is at z = -d, the face at z = 0.
//
// Each piece stands where it belongs; `module laid()` lays one down for printing.

$fn = 48;
little = 0.01;
steps = 5;

// Shapes --------------------------------------------------------------------------------------------------------------

module plate(low, high, radius) {
    r = max(0.4, radius);
    translate([low[0] + r, low[1] + r]) offset(r = r) square([high[0] - low[0] - 2 * r, high[1] - low[1] - 2 * r]);
}

// A block with rounded corners and rounded edges in front and at the back.
module pebble(low, high, radius, fillet) {
    hull() for (i = [0 : steps]) {
        angle = 90 * i / steps;
        in = fillet * (1 - sin(angle));
        deep = fillet * (1 - cos(angle));
        for (z = [-low[2] - deep, -high[2] + deep])
            translate([0, 0, z - little / 2]) linear_extrude(little)
                plate([low[0] + in, low[1] + in], [high[0] - in, high[1] - in], radius - in);
    }
}

module body() pebble(out_low, out_high, corner, fillet);

// The cavity, wider by `more`.
module cavity(more = 0)
    pebble([in_low[0] - more, in_low[1] - more, in_low[2]], [in_high[0] + more, in_high[1] + more, in_high[2]],
        corner - wall + more, 0.4);

// All that lies between two depths.
module slice(from, to)
    translate([out_low[0] - 20, out_low[1] - 20, -to]) cube([out_high[0] - out_low[0] + 40, out_high[1] - out_low[1] + 40, to - from]);

// Puts a shape that is drawn flat, upwards from outside, onto a face: z = 0 is the outer side, inwards is negative.
module onto(side) {
    if (side == "front") children();
    if (side == "back") translate([0, 0, -out_high[2]]) mirror([0, 0, 1]) children();
    if (side == "left") multmatrix([[0, 0, -1, out_low[0]], [1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]]) children();
    if (side == "right") multmatrix([[0, 0, 1, out_high[0]], [1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]]) children();
    if (side == "top") multmatrix([[1, 0, 0, 0], [0, 0, 1, out_high[1]], [0, -1, 0, 0], [0, 0, 0, 1]]) children();
    if (side == "bottom") multmatrix([[1, 0, 0, 0], [0, 0, -1, out_low[1]], [0, -1, 0, 0], [0, 0, 0, 1]]) children();
}

function thick(side) = side == "front" ? face : side == "back" ? back : wall;

// What is cut out of a face: through it and 3 beyond, or hollowed `blind` deep from inside; wider outside by a bevel.
module cut(side, at, bevel, blind) onto(side) translate([at[0], at[1], 0]) {
    through = thick(side) + (side == "front" || side == "back" ? 0.5 : cut_beyond);
    if (blind > 0) translate([0, 0, -through]) linear_extrude(through - thick(side) + blind) children();
    else {
        translate([0, 0, -through]) linear_extrude(through + 5) children();
        if (bevel > 0) for (i = [0 : 3])
            translate([0, 0, -bevel * (1 - i / 4)]) linear_extrude(5) offset(r = bevel * (i + 1) / 4) children();
    }
}

// o = [side, at, shape, size, corner, bevel, blind, pitch, count, holes]
module flat(o) {
    if (o[2] == "slots") for (n = [0 : o[8] - 1]) translate([(n - (o[8] - 1) / 2) * o[7], 0])
        plate(-o[3] / 2, o[3] / 2, o[4]);
    if (o[2] == "round") for (hole = o[9]) translate(hole) circle(d = o[3][0]);
}

// Holes in staggered rows, within a lozenge with round ends.
module grille(o) {
    size = o[3];
    d = o[4];
    rows = floor((size[1] - d) / (o[7] * 0.866)) ;
    for (row = [0 : rows], column = [-20 : 20]) {
        x = (column + (row % 2) / 2) * o[7];
        y = (row - rows / 2) * o[7] * 0.866;
        end = max(0, abs(x) - (size[0] - size[1]) / 2);
        if (abs(x) <= (size[0] - d) / 2 + little && sqrt(end * end + y * y) <= (size[1] - d) / 2 + 0.3) translate([x, y]) circle(d = d, $fn = 20);
    }
}

module openings(from, to) for (o = sockets) if (side_between(o, from, to))
    cut(o[0], o[1], o[5], o[6]) if (o[2] == "grille") grille(o); else flat(o);

function side_between(o, from, to) =
    o[0] == "front" ? from == 0 : o[0] == "back" ? to > split + lap : o[1][1] >= from && o[1][1] < to;

// Front ---------------------------------------------------------------------------------------------------------------

module front() difference() {
    union() {
        difference() {
            body();
            cavity();
            slice(split, out_high[2] + 20);
        }
        // The inner half of the wall goes on, into the back.
        difference() {
            cavity(half);
            cavity();
            slice(-20, split - 0.6);
            slice(split + lap - gap, out_high[2] + 20);
        }
        intersection() {
            union() {
                for (at = posts) column(at, post_radius, face - little, split - gap);
                for (p = pillars) if (p[1] == "front") column(p[0], p[3] / 2, face - little, p[2]);
                for (s = stops) translate([s[0][0], s[0][1], -s[0][2] - s[1][2]]) cube([s[1][0], s[1][1], s[1][2] + little]);
            }
            cavity(little);
        }
        if (has_lever && lever_up > 0) lever_raised();
    }
    for (at = posts) column(at, screw_pilot / 2, face + 1, split + 1);
    for (p = pillars) if (p[1] == "front") column(p[0], p[4] / 2, face + 0.6, p[2] + 1);
    openings(0, split);
    for (x = hooks[1]) hook_hollow(x);
    if (has_lever) lever_cut();
}

module column(at, radius, from, to) translate([at[0], at[1], -to]) cylinder(r = radius, h = to - from);

// The lever: dished for a thumb, hollow over the small button, free on three sides.
module lever_raised() {
    low = lever[0] - lever[1] / 2;
    high = lever[0] + lever[1] / 2;
    hull() {
        translate([0, 0, -little]) linear_extrude(little) plate(low, high, 4);
        translate([0, 0, lever_up - little]) linear_extrude(little) plate(low + [1.2, 1.2], high - [1.2, 1.2], 3);
    }
}

module lever_cut() {
    low = lever[0] - lever[1] / 2;
    high = lever[0] + lever[1] / 2;
    // A dent for the thumb, over the small button.
    dent = (9 + dish * dish) / (2 * dish);
    hull() for (x = [-3, 3]) translate([plunger[0][0] + x, plunger[0][1], lever_up - dish + dent]) sphere(r = dent, $fn = 96);
    // The slit, and the room below it in which the lever bends.
    translate([0, 0, -face - 1]) linear_extrude(face + 6) difference() {
        plate(low - [slit, 0], high + [slit, slit], 4 + slit);
        plate(low, high, 4);
        translate([low[0] - 5, low[1] - 5]) square([lever[1][0] + 10, 5.4]);
    }
    translate([low[0] - slit, low[1] + 0.4, -face - little]) cube([lever[1][0] + 2 * slit, hinge[1], face - hinge[0]]);
    p = plunger[1] + [0.8, 0.8];
    translate([plunger[0][0] - p[0] / 2, plunger[0][1] - p[1] / 2, -face - 1]) cube([p[0], p[1], face + 1 - plunger[2]]);
}

// Back ----------------------------------------------------------------------------------------------------------------

module back() difference() {
    union() {
        difference() {
            body();
            cavity();
            slice(-20, split);
        }
        intersection() {
            union() {
                for (at = posts) column(at, post_radius, split, out_high[2]);
                for (p = pillars) if (p[1] == "back") column(p[0], p[3] / 2, p[2], in_high[2] + little);
            }
            union() {
                cavity(little);
                difference() { body(); cavity(half); slice(-20, split + lap); }
            }
        }
        for (x = hooks[1]) hook(x);
    }
    difference() {
        cavity(half + gap);
        cavity();
        slice(split + lap, out_high[2] + 20);
    }
    for (at = posts) {
        column(at, screw_hole / 2, split - 1, out_high[2] + 1);
        column(at, screw_head / 2, out_high[2] - head_deep, out_high[2] + 1);
    }
    for (p = pillars) if (p[1] == "back") column(p[0], p[4] / 2, p[2] - 1, in_high[2] + 0.6);
    openings(split, out_high[2]);
    translate([mark[0], mark[1], -out_high[2] - 1]) mirror([1, 0, 0]) linear_extrude(1.5)
        text("leveret", size = mark[2], font = "DejaVu Sans:style=Bold", halign = "center", valign = "center");
}

hook_nose = 0.9;
up = hooks[0] == "top" ? 1 : -1;
end = up > 0 ? in_high[1] : in_low[1];

// A tab that reaches forward, inside the front's wall, with a nose that goes into a hollow there.
module hook(x) {
    y0 = end - up * hook_thick;
    block(x, y0, end - up * gap, split - hook_deep, split + lap + 4);
    block(x, end - up * (gap + little), end + up * 0.6, split + lap + gap, split + lap + 4);
    hull() {
        block(x, end - up * (gap + 0.2), end - up * gap, split - hook_deep, split - hook_deep + 2.4);
        block(x, end - up * (gap + 0.2), end + up * (hook_nose - gap), split - hook_deep + 0.8, split - hook_deep + 1.4);
    }
}

module hook_hollow(x) {
    wide = hooks[2] + 2 * gap;
    translate([x - wide / 2, min(end - up * little, end + up * hook_nose), -(split - hook_deep + 2.2)])
        cube([wide, hook_nose + little, 2.2]);
}

module block(x, y0, y1, from, to)
    translate([x - hooks[2] / 2, min(y0, y1), -to]) cube([hooks[2], abs(y1 - y0), to - from]);

// What is put on --------------------------------------------------------------------------------------------------------

// k = [at, diameter, height, shaft, flat, stem]
module knob() if (has_knob) translate([knob_[0][0], knob_[0][1], 1]) difference() {
    r = knob_[1] / 2;
    h = knob_[2];
    union() {
        cylinder(r1 = r - 0.6, r2 = r, h = 0.6);
        translate([0, 0, 0.6]) cylinder(r = r, h = h - 1.8);
        translate([0, 0, h - 1.2]) cylinder(r1 = r, r2 = r - 1.2, h = 1.2);
    }
    for (n = [0 : 23]) rotate(n * 15) translate([r + 0.35, 0, -1]) cylinder(r = 0.9, h = h + 2, $fn = 16);
    translate([0, 0, h + 24.4]) sphere(r = 25.6, $fn = 96);
    intersection() {
        translate([0, 0, -1]) cylinder(d = knob_[3] + gap, h = h - 1.6);
        translate([-knob_[3], -knob_[3] / 2 - gap / 2, -1]) cube([2 * knob_[3], knob_[4] + gap, h]);
    }
    translate([0, 0, -1]) cylinder(d = knob_[3] + 5, h = 2.6);
}

// c = [at, diameter, flange, flange_height, raised, top]
module cap() if (has_cap) translate([cap_[0][0], cap_[0][1], 0]) difference() {
    top = cap_[4];
    union() {
        translate([0, 0, -face - cap_[3]]) cylinder(d = cap_[2], h = cap_[3]);
        translate([0, 0, -face - little]) cylinder(d = cap_[1], h = face + top - 0.8);
        translate([0, 0, top - 0.8 - 2 * little]) cylinder(d1 = cap_[1], d2 = cap_[1] - 1.6, h = 0.8);
    }
    translate([0, 0, top + 39.2]) sphere(r = 40, $fn = 120);
}

// For printing --------------------------------------------------------------------------------------------------------

module laid() {
    if (piece == "front") rotate([180, 0, 0]) front();
    if (piece == "back") back();
    if (piece == "knob") rotate([180, 0, 0]) knob();
    if (piece == "cap") cap();
}
