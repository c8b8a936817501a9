// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HoldMath} from "../../../contracts/holds/HoldMath.sol";

/// @title The laws of the ledger of holds, for the SMTChecker (npm run prove): by induction over all calls in
/// any order.
/// @notice The laws hold where nothing is held, and every step of the arithmetic keeps them, from any books
/// at all in which they hold and with any amount. One hold stands for whichever is acted on, `rest` for the
/// sum of all others; `own` for what the authority that acts froze, `others` for what all others did. A
/// release only subtracts and a recovery only adds two lawful books, term by term.
contract HoldsProof {
    function moveByOwner(
        uint256 balance,
        uint96 hold,
        uint96 rest,
        uint160 frozen,
        uint256 amount
    ) external pure {
        uint256 held = uint256(hold) + rest;
        require(held <= balance);
        require(amount <= HoldMath.freeOf(balance, held, frozen));
        // Nothing held leaves by its owner, and nothing frozen.
        assert(held + frozen <= balance - amount || amount == 0);
        assert(held <= balance - amount);
    }

    function place(uint256 balance, uint96 hold, uint96 rest, uint160 frozen, uint256 amount) external pure {
        uint256 held = uint256(hold) + rest;
        require(held <= balance);
        uint256 free = HoldMath.freeOf(balance, held, frozen);
        uint256 after_ = HoldMath.place(balance, held, frozen, amount);
        // held = Σ live liens and locks <= balance
        assert(after_ == uint256(hold) + amount + rest);
        assert(after_ <= balance);
        // What is placed is free no more.
        assert(HoldMath.freeOf(balance, after_, frozen) == free - amount);
    }

    function release(
        uint256 balance,
        uint96 hold,
        uint96 rest,
        uint160 frozen,
        uint256 amount
    ) external pure {
        uint256 held = uint256(hold) + rest;
        require(held <= balance && amount <= hold);
        uint256 free = HoldMath.freeOf(balance, held, frozen);
        // What a lien gives free falls under a freeze by itself.
        assert(HoldMath.freeOf(balance, held - amount, frozen) >= free);
        assert(HoldMath.freeOf(balance, held - amount, frozen) <= free + amount);
    }

    function deliver(
        uint256 balance,
        uint96 hold,
        uint96 rest,
        uint160 frozen,
        uint256 amount
    ) external pure {
        uint256 held = uint256(hold) + rest;
        require(held <= balance && amount <= hold);
        uint256 prohibited = frozen;
        uint256 free = HoldMath.freeOf(balance, held, frozen);
        uint256 after_ = HoldMath.deliver(balance, held, prohibited, amount);
        assert(after_ == uint256(hold) - amount + rest);
        assert(after_ <= balance - amount);
        // No prohibited unit leaves, and none that was free.
        assert(prohibited <= balance - amount || amount == 0);
        assert(HoldMath.freeOf(balance - amount, after_, frozen) == free);
    }

    function take(uint256 balance, uint96 held, uint128 own, uint128 others, uint256 amount) external pure {
        require(held <= balance);
        uint256 frozen = uint256(own) + others;
        uint256 lowered = HoldMath.take(balance, held, frozen, own, amount);
        // No more than the authority itself froze, no held unit, and none that others froze.
        assert(lowered <= own);
        assert(held <= balance - amount);
        assert(uint256(held) + others <= balance - amount || amount == 0);
        // Nothing gets free by it.
        assert(
            HoldMath.freeOf(balance - amount, held, frozen - lowered) <=
                HoldMath.freeOf(balance, held, frozen)
        );
    }
}
