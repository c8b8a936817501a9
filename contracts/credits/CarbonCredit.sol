// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {ICreditIssuer} from "../interfaces/ICreditIssuer.sol";
import {IERC7943MultiToken} from "../interfaces/IERC7943.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Serials} from "../libraries/Serials.sol";
import {LienTerms} from "../types/Lien.sol";
import {RetirementAmount} from "../types/Retirement.sol";
import {CreditOrders} from "./CreditOrders.sol";
import {CreditRules} from "./CreditRules.sol";

/// @title Credits of every batch and external unit. See ICarbonCredit.
contract CarbonCredit is CreditOrders {
    using Strings for uint256;

    /// @notice The other contracts of the deployment; those created later by their coming addresses.
    struct Links {
        IParticipantRegistry participants;
        /// Issuers.
        ICreditIssuer batches;
        ICreditIssuer externalUnits;
        /// The only one that retires.
        address retirements;
    }

    ICreditIssuer public immutable batches;
    ICreditIssuer public immutable externalUnits;
    address public immutable retirements;

    constructor(
        address manager,
        Links memory links,
        string memory baseUri
    ) AccessManaged(manager) ERC1155(baseUri) CreditRules(links.participants) {
        bool complete =
            address(links.participants) != address(0) &&
                address(links.batches) != address(0) &&
                address(links.externalUnits) != address(0) &&
                links.retirements != address(0);
        require(complete, ZeroDependency());
        batches = links.batches;
        externalUnits = links.externalUnits;
        retirements = links.retirements;
    }

    modifier onlyIssuers() {
        require(
            msg.sender == address(batches) || msg.sender == address(externalUnits),
            CallerNotIssuer(msg.sender)
        );
        _;
    }

    modifier onlyRetirements() {
        require(msg.sender == retirements, CallerNotRetirements(msg.sender));
        _;
    }

    /// @inheritdoc ICarbonCredit
    function mint(address to, uint256 batchId, uint256 amount) external onlyIssuers {
        _mint(to, batchId, amount, "");
    }

    /// @inheritdoc ICarbonCredit
    function burnByIssuer(address holder, uint256 batchId, uint256 amount) external onlyIssuers {
        require(Serials.isWhole(amount), NotWholeMilligrams(amount));
        _burn(holder, batchId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function burnForRetirement(address holder, RetirementAmount[] calldata amounts) external onlyRetirements {
        uint256[] memory ids = new uint256[](amounts.length);
        uint256[] memory values = new uint256[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) {
            RetirementAmount calldata amount = amounts[i];
            ids[i] = amount.batchId;
            values[i] = Serials.toBaseUnits(amount.milligrams);
        }
        _burnBatch(holder, ids, values);
    }

    /// @inheritdoc ICarbonCredit
    function burnByOrder(
        address regulator,
        address holder,
        uint256 batchId,
        uint256 amount,
        LienTerms[] calldata released
    ) external onlyRetirements {
        require(Serials.isWhole(amount), NotWholeMilligrams(amount));
        requireThere(holder, batchId, amount);
        takeByOrder(regulator, holder, batchId, amount, released);
        moveUnchecked(holder, address(0), batchId, amount);
    }

    /// @inheritdoc ICarbonCredit
    function setSuspended(uint256 batchId, bool suspended_) external onlyIssuers {
        suspended[batchId] = suspended_;
        emit SuspensionSet(batchId, suspended_);
    }

    /// @inheritdoc ICarbonCredit
    function setPaused(bool paused_) external restricted {
        paused = paused_;
        emit TransfersPausedSet(paused_);
    }

    /// @inheritdoc ICarbonCredit
    function setBaseUri(string calldata baseUri) external restricted {
        _setURI(baseUri);
        emit BaseUriSet(baseUri);
    }

    /// @inheritdoc ICarbonCredit
    function totalSupply(uint256 batchId) external view returns (uint256) {
        // An id has one issuer; the other one answers 0.
        return batches.circulatingOf(batchId) + externalUnits.circulatingOf(batchId);
    }

    /// @inheritdoc ICarbonCredit
    function decimals() external pure returns (uint8) {
        return 18;
    }

    function uri(uint256 batchId) public view override returns (string memory) {
        return string.concat(super.uri(batchId), batchId.toHexString(32));
    }

    function supportsInterface(bytes4 interfaceId) public view override(ERC1155, IERC165) returns (bool) {
        return interfaceId == type(IERC7943MultiToken).interfaceId || super.supportsInterface(interfaceId);
    }
}
